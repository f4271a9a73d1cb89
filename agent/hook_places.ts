import type { Peer } from "../native/index.ts";

export interface PlaceLimits {
  /** Connections at once, of everybody. */
  readonly most: number;
  /** Connections at once of one user, who may be the job and its hook. */
  readonly most_of_user: number;
  /** Connections at once, beside those, of peers that are expected. */
  readonly most_expected: number;
}

/** Counts connections, so that a flood of them stays outside. */
export class HookPlaces {
  readonly #limits: PlaceLimits;
  readonly #ofUser = new Map<number, number>();
  #taken = 0;
  #expected = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /**
   * @param isExpected asked only when there is no place for everybody
   * @returns gives the place back; undefined when there is none
   */
  take({ uid }: Peer, isExpected: () => boolean): (() => void) | undefined {
    const of_user = this.#ofUser.get(uid) ?? 0;
    if (this.#taken < this.#limits.most && of_user < this.#limits.most_of_user) {
      this.#taken++;
      this.#ofUser.set(uid, of_user + 1);
      return () => this.#giveBack(uid);
    }
    if (this.#expected >= this.#limits.most_expected || !isExpected()) return undefined;
    this.#expected++;
    return () => void this.#expected--;
  }

  #giveBack(uid: number): void {
    this.#taken--;
    const left = (this.#ofUser.get(uid) ?? 0) - 1;
    if (left > 0) this.#ofUser.set(uid, left);
    else this.#ofUser.delete(uid);
  }
}
