import { BoundedMap } from "../src/base/bounded_map.ts";
import type { EventName, JobEvent } from "../src/events/index.ts";

/** An event that may be repeated: its row, and how often and when it was since it was stored. */
interface Fold {
  readonly event: EventName;
  readonly id: number;
  count: number;
  last_us: number;
}

/** Repeated events of one job, counted in memory until the end of the batch. */
export class Folds {
  readonly #known = new Map<number, BoundedMap<string, Fold>>();
  readonly #changed = new Set<Fold>();
  /** Those that the batch has made. */
  readonly #made: { readonly event_id: number; readonly sameness: string; readonly fold: Fold }[] =
    [];
  readonly #limit: number;

  /** @param limit events remembered of each kind; of those beyond, a repetition gets its own row */
  constructor(limit = 32_768) {
    this.#limit = limit;
  }

  /** Counts a repetition. @returns false when it is none that is known */
  repeat(event_id: number, sameness: string, time_us: number): boolean {
    const fold = this.#known.get(event_id)?.get(sameness);
    if (!fold) return false;
    if (fold.count++ === 0) this.#changed.add(fold);
    fold.last_us = time_us;
    return true;
  }

  /** Remembers the event that was stored as row `id`. */
  add(event: JobEvent, sameness: string, id: number): void {
    let known = this.#known.get(event.event_id);
    if (!known) {
      known = new BoundedMap(this.#limit);
      this.#known.set(event.event_id, known);
    }
    const fold = { event: event.event, id, count: 0, last_us: event.time_us };
    known.set(sameness, fold);
    this.#made.push({ event_id: event.event_id, sameness, fold });
  }

  /** What was counted and is not stored. */
  get counted(): Iterable<Readonly<Fold>> {
    return this.#changed;
  }

  /** The rows that the batch has made are stored. */
  keep(): void {
    this.#made.length = 0;
  }

  /** What was counted is stored too. */
  keepCounts(): void {
    for (const fold of this.#changed) fold.count = 0;
    this.#changed.clear();
  }

  /**
   * The rows that the batch has made are not stored. What was counted on older ones stays.
   * @param onLost called with the event id and the repetitions that go with a row
   */
  drop(onLost: (event_id: number, repetitions: number) => void): void {
    for (const { event_id, sameness, fold } of this.#made) {
      const known = this.#known.get(event_id);
      if (known?.get(sameness) === fold) known.delete(sameness);
      this.#changed.delete(fold);
      onLost(event_id, fold.count);
    }
    this.#made.length = 0;
  }
}
