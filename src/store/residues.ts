import type { Database, Statement } from "better-sqlite3";
import type { Residue } from "../jobs/residue.ts";

/** For the migration that makes the table. */
export const residueTable = `
  -- What a job left behind. process_key, pid: 0 where there is none; path: empty where there is
  -- none. detail: JSON. time_us: when it was made or last changed, or the end of the job.
  CREATE TABLE residue (
    id          INTEGER PRIMARY KEY,
    job         INTEGER NOT NULL REFERENCES job (id),
    kind        TEXT NOT NULL,
    what        TEXT NOT NULL,
    process_key INTEGER NOT NULL,
    pid         INTEGER NOT NULL,
    path        TEXT NOT NULL,
    detail      TEXT NOT NULL,
    time_us     INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX residue_job ON residue (job);
`;

/** The `residue` table, written. */
export class ResidueInsert {
  readonly #add: Statement<(string | number)[]>;

  constructor(db: Database) {
    this.#add = db.prepare(`
      INSERT INTO residue (job, kind, what, process_key, pid, path, detail, time_us)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    `);
  }

  add(job: number, residue: Residue): void {
    const { kind, what, process_key, pid, path, detail, time_us } = residue;
    this.#add.run(job, kind, what, process_key, pid, path, JSON.stringify(detail), time_us);
  }
}

type Row = Omit<Residue, "kind" | "detail"> & { readonly kind: string; readonly detail: string };

/** The `residue` table, read. */
export class Residues {
  readonly #ofJob: Statement<[number], Row>;

  constructor(db: Database) {
    this.#ofJob = db.prepare(`
      SELECT kind, what, process_key, pid, path, detail, time_us
        FROM residue
       WHERE job = ?
       ORDER BY id
    `);
  }

  /** In the order in which they were added. */
  ofJob(job: number): Residue[] {
    return this.#ofJob.all(job).map(toResidue);
  }
}

// What is read here was written by ResidueInsert, so it has the type that went in.
const toResidue = (row: Row): Residue => ({
  ...row,
  kind: row.kind as Residue["kind"],
  detail: JSON.parse(row.detail),
});
