import type { Database, Statement } from "better-sqlite3";

/** Events of one kind in one job. */
export interface EventCount {
  readonly kind: string;
  /** Rows in the table of that kind. */
  readonly stored: number;
  /** Events that happened: each row counts for all that were folded into it. */
  readonly happened: number;
}

interface Tally {
  readonly stored: Map<string, number>;
  readonly folded: Map<string, number>;
  last: number;
}

/**
 * The `event_count` table, and the range of event ids of each job. Counted in memory during a
 * batch and written once at its end, so that an event costs no statement.
 */
export class EventCounts {
  readonly #jobs = new Map<number, Tally>();
  readonly #add: Statement<[number, string, number, number]>;
  readonly #range: Statement<[number, number, number]>;
  readonly #ofJob: Statement<[number], EventCount>;

  constructor(db: Database) {
    this.#add = db.prepare(`
      INSERT INTO event_count (job, kind, stored, happened) VALUES (?, ?, ?, ?)
          ON CONFLICT (job, kind) DO UPDATE
         SET stored = stored + excluded.stored, happened = happened + excluded.happened
    `);
    this.#range = db.prepare(`
      UPDATE job SET first_event = coalesce(first_event, ?), last_event = ? WHERE id = ?
    `);
    this.#ofJob = db.prepare<[number], EventCount>(`
      SELECT kind, stored, happened FROM event_count WHERE job = ? ORDER BY happened DESC, kind
    `);
  }

  /** The most frequent first. */
  ofJob(job: number): EventCount[] {
    return this.#ofJob.all(job);
  }

  /** Counts one new row. */
  added(job: number, kind: string, id: number): void {
    const tally = this.#tallyOf(job);
    tally.stored.set(kind, (tally.stored.get(kind) ?? 0) + 1);
    tally.last = id;
  }

  /** Counts events that were folded into a row. */
  folded(job: number, kind: string, count: number): void {
    const tally = this.#tallyOf(job);
    tally.folded.set(kind, (tally.folded.get(kind) ?? 0) + count);
  }

  /** @param first the first event id that this batch gave: a job's first event is not before it */
  store(first: number): void {
    for (const [job, { stored, folded, last }] of this.#jobs) {
      for (const [kind, rows] of stored) this.#add.run(job, kind, rows, rows);
      for (const [kind, count] of folded) this.#add.run(job, kind, 0, count);
      if (last > 0) this.#range.run(first, last, job);
    }
    this.#jobs.clear();
  }

  /** Forgets what was counted: the transaction was rolled back. */
  drop(): void {
    this.#jobs.clear();
  }

  #tallyOf(job: number): Tally {
    const known = this.#jobs.get(job);
    if (known) return known;
    const tally: Tally = { stored: new Map(), folded: new Map(), last: 0 };
    this.#jobs.set(job, tally);
    return tally;
  }
}
