import type { Database, Statement } from "better-sqlite3";

/** The kind of loss of a job that ran before it was traced: nobody knows how much that is. */
export const beforeTracing = "before_tracing";

/** Events of one kind that are known to be missing. */
export interface StoredLoss {
  /**
   * Name of the event; `process_tag` counts processes that could not be tagged, `before_tracing` says
   * that tracing began in the middle of the job.
   */
  readonly kind: string;
  readonly lost: number;
}

/** The `loss` table, written, and `kernel_loss`, which says how much of it is the kernel's. */
export class LossInsert {
  readonly #add: Statement<[number, string, number]>;
  readonly #total: Statement<[number], number>;
  readonly #known: Statement<[number, string], number>;
  readonly #set: Statement<[number, string, number]>;

  constructor(db: Database) {
    this.#add = db.prepare(`
      INSERT INTO loss (job, kind, lost) VALUES (?, ?, ?)
          ON CONFLICT (job, kind) DO UPDATE SET lost = lost + excluded.lost
    `);
    this.#total = db
      .prepare<[number], number>("SELECT coalesce(sum(lost), 0) FROM loss WHERE job = ?")
      .pluck();
    this.#known = db
      .prepare<[number, string], number>("SELECT lost FROM kernel_loss WHERE job = ? AND kind = ?")
      .pluck();
    this.#set = db.prepare(`
      INSERT INTO kernel_loss (job, kind, lost) VALUES (?, ?, ?)
          ON CONFLICT (job, kind) DO UPDATE SET lost = excluded.lost
    `);
  }

  /** What the kernel has counted until now: what is new of it is added, the same number twice once. */
  setKernel(job: number, kind: string, lost: number): void {
    const known = this.#known.get(job, kind) ?? 0;
    if (lost <= known) return;
    this.#add.run(job, kind, lost - known);
    this.#set.run(job, kind, lost);
  }

  /** Events that are known to be missing until now, of all kinds. */
  ofJob(job: number): number {
    return this.#total.get(job) ?? 0;
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
