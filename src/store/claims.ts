import type { Database, Statement } from "better-sqlite3";

/** How much a source is worth, the least first; the store keeps the number. */
export const confidences = ["low", "high", "certain"] as const;
export type Confidence = (typeof confidences)[number];

/** What one source says about a job. */
export interface StoredClaim {
  readonly field: string;
  readonly source: string;
  readonly value: string;
  readonly confidence: Confidence;
}

/** The `claim` table, written. */
export class ClaimInsert {
  readonly #set: Statement<[number, string, string, string, number]>;

  constructor(db: Database) {
    this.#set = db.prepare(`
      INSERT INTO claim (job, field, source, value, confidence) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (job, field, source) DO UPDATE
         SET value = excluded.value, confidence = excluded.confidence
    `);
  }

  /** What the source says now; what it said before of that field is forgotten. */
  set(job: number, { field, source, value, confidence }: StoredClaim): void {
    this.#set.run(job, field, source, value, confidences.indexOf(confidence));
  }
}

type Row = Omit<StoredClaim, "confidence"> & { readonly confidence: number };

/** The `claim` table, read. */
export class Claims {
  readonly #ofJob: Statement<[number], Row>;

  constructor(db: Database) {
    this.#ofJob = db.prepare(`
      SELECT field, source, value, confidence FROM claim
       WHERE job = ? ORDER BY field, confidence DESC, source
    `);
  }

  /** By field, and of each field the most trusted first. */
  ofJob(job: number): StoredClaim[] {
    const known = (row: Row): Confidence => confidences[row.confidence] ?? "low";
    return this.#ofJob.all(job).map((row) => ({ ...row, confidence: known(row) }));
  }
}
