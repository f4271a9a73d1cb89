import type { Memory } from "./signature.ts";

/** Memory of one signature in one job. Reaching the bound forgets the oldest entry, and counts it. */
export class BoundedMemory implements Memory {
  readonly #limit: number;
  readonly #values = new Map<string, number>();
  /**
   * Kept for the life of the memory: a new iterator would first walk over all that was deleted at
   * the front. A key that is set again moves to the end, so nothing is ever behind it.
   */
  readonly #by_age = this.#values.keys();
  #evicted = 0;

  /** @param limit entries remembered at once */
  constructor(limit = 16_384) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`a memory needs room for one entry or more, not ${limit}`);
    }
    this.#limit = limit;
  }

  /** Entries forgotten to make room. */
  get evicted(): number {
    return this.#evicted;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): number | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: number): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#limit) return;
    const oldest = this.#by_age.next();
    if (oldest.done) return;
    this.#values.delete(oldest.value);
    this.#evicted++;
  }
}
