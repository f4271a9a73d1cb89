import { BoundedMap } from "../src/base/bounded_map.ts";
import type { EventName } from "../src/events/index.ts";

/** An event that may be repeated: its row, and how often and when it was since it was stored. */
interface Fold {
  readonly event: EventName;
  readonly id: number;
  count: number;
  last_us: number;
}

/** Repeated events of one job, counted in memory until the end of the batch. */
export class Folds {
  readonly #known: BoundedMap<string, Fold>;
  readonly #changed = new Set<Fold>();

  /** @param limit events remembered; of those beyond, a repetition gets a row of its own */
  constructor(limit = 65_536) {
    this.#known = new BoundedMap(limit);
  }

  /** Counts a repetition. @returns false when it is none that is known */
  repeat(key: string, time_us: number): boolean {
    const fold = this.#known.get(key);
    if (!fold) return false;
    fold.count++;
    fold.last_us = time_us;
    this.#changed.add(fold);
    return true;
  }

  /** Remembers the event that was stored as row `id`. */
  add(key: string, event: EventName, id: number, time_us: number): void {
    this.#known.set(key, { event, id, count: 0, last_us: time_us });
  }

  forget(key: string): void {
    this.#known.delete(key);
  }

  /** Hands out what was counted since the last time. */
  *take(): Generator<Readonly<Fold>> {
    for (const fold of this.#changed) {
      yield { ...fold };
      fold.count = 0;
    }
    this.#changed.clear();
  }
}
