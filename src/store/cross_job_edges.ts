import type { Database, Statement } from "better-sqlite3";
import type { CrossJobEdge, HeirHow } from "../jobs/edge.ts";

/** For the migration that makes the table. */
export const crossJobEdgeTable = `
  -- A job used a file that an earlier one wrote. how: executed, loaded or read. other_job refers to
  -- no row, because that job may be deleted first.
  CREATE TABLE cross_job_edge (
    job         INTEGER NOT NULL REFERENCES job (id),
    other_job   INTEGER NOT NULL,
    path        TEXT NOT NULL,
    how         TEXT NOT NULL,
    process_key INTEGER NOT NULL,
    time_us     INTEGER NOT NULL,
    PRIMARY KEY (job, path, how)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX cross_job_edge_other ON cross_job_edge (other_job);
`;

/** The `cross_job_edge` table, written. */
export class CrossJobEdgeInsert {
  readonly #add: Statement<(string | number)[]>;

  constructor(db: Database) {
    this.#add = db.prepare(`
      INSERT INTO cross_job_edge (job, other_job, path, how, process_key, time_us)
      VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (job, path, how) DO NOTHING
    `);
  }

  /** Adds it; the first of a job, a path and a way of using it stays. */
  add({ job, other_job, path, how, process_key, time_us }: CrossJobEdge): void {
    this.#add.run(job, other_job, path, how, process_key, time_us);
  }
}

type Row = Omit<CrossJobEdge, "how"> & { readonly how: string };

/** The `cross_job_edge` table, read. */
export class CrossJobEdges {
  readonly #ofJob: Statement<[number, number], Row>;

  constructor(db: Database) {
    this.#ofJob = db.prepare(`
      SELECT job, other_job, path, how, process_key, time_us
        FROM cross_job_edge
       WHERE job = ? OR other_job = ?
       ORDER BY time_us, path, how
    `);
  }

  /** Those of which it is either end, the earliest first. */
  ofJob(job: number): CrossJobEdge[] {
    // Written by CrossJobEdgeInsert, so it has the type that went in.
    return this.#ofJob.all(job, job).map((row) => ({ ...row, how: row.how as HeirHow }));
  }
}
