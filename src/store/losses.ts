import type { Database, Statement } from "better-sqlite3";

/** Events of one kind that are known to be missing. */
export interface StoredLoss {
  /** Name of the event; `process_tag` counts processes that could not be tagged. */
  readonly kind: string;
  readonly lost: number;
}

/** The `loss` table, written. */
export class LossInsert {
  readonly #add: Statement<[number, string, number]>;

  constructor(db: Database) {
    this.#add = db.prepare(`
      INSERT INTO loss (job, kind, lost) VALUES (?, ?, ?)
          ON CONFLICT (job, kind) DO UPDATE SET lost = lost + excluded.lost
    `);
  }

  /** Adds to what is already lost of that kind. */
  add(job: number, kind: string, lost: number): void {
    if (lost > 0) this.#add.run(job, kind, lost);
  }
}

/** The `loss` table, read. */
export class Losses {
  readonly #ofJob: Statement<[number], StoredLoss>;

  constructor(db: Database) {
    this.#ofJob = db.prepare("SELECT kind, lost FROM loss WHERE job = ? ORDER BY lost DESC, kind");
  }

  /** The most first; empty when the record is complete, as far as is known. */
  ofJob(job: number): StoredLoss[] {
    return this.#ofJob.all(job);
  }
}
