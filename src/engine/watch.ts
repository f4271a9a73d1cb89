import type { JobEvent } from "../events/index.ts";
import { type Process, unknownProcess } from "../jobs/process.ts";
import type { ProcessTree } from "../jobs/process_tree.ts";
import { BoundedMemory } from "./memory.ts";
import { type Severity, severities } from "./severity.ts";
import type { JobContext, Match, Signature } from "./signature.ts";

/** A finding that matched again. */
export interface Repeat {
  readonly signature: string;
  readonly key: string;
  /** Matches after the first. */
  readonly repeats: number;
  /** Unix microseconds of the last match. */
  readonly last_us: number;
}

/** A finding that was made; its rank is that of its severity. */
interface Made {
  rank: number;
  repeats: number;
  last_us: number;
}

/** One signature at work in one job: its memory, and which findings it has made. */
export class Watch {
  readonly signature: Signature;
  readonly #limit: number;
  readonly #context: { -readonly [K in keyof JobContext]: JobContext[K] };
  readonly #made = new Map<string, Made>();
  #suppressed = 0;

  /** @param limit findings that it may make */
  constructor(signature: Signature, tree: ProcessTree, limit: number) {
    this.signature = signature;
    // One for all events: most match nothing, and there are millions.
    this.#context = {
      memory: new BoundedMemory(),
      process: unknownProcess(0, 0),
      processOf: (process_key) => tree.get(process_key),
    };
    this.#limit = limit;
  }

  /** Matches beyond the limit. */
  get suppressed(): number {
    return this.#suppressed;
  }

  get repeats(): readonly Repeat[] {
    return [...this.#made]
      .filter(([, { repeats }]) => repeats > 0)
      .map(([key, { repeats, last_us }]) => {
        return { signature: this.signature.id, key, repeats, last_us };
      });
  }

  match(event: JobEvent, process: Process): Match | undefined {
    this.#context.process = process;
    return this.signature.match(event, this.#context);
  }

  /**
   * Whether a match with this key is a finding of its own: the first one, and one that is worse than
   * all before. Counts it when it is not.
   */
  isNew(key: string, severity: Severity, time_us: number): boolean {
    const rank = severities.indexOf(severity);
    const made = this.#made.get(key);
    if (made && rank > made.rank) {
      made.rank = rank;
      return true;
    }
    if (made) {
      made.repeats++;
      made.last_us = time_us;
      return false;
    }
    if (this.#made.size >= this.#limit) {
      this.#suppressed++;
      return false;
    }
    this.#made.set(key, { rank, repeats: 0, last_us: time_us });
    return true;
  }
}
