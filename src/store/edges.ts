import type { Database, Statement } from "better-sqlite3";
import type { Edge, EdgeKind } from "../jobs/edge.ts";

/** For the migration that makes the table. */
export const edgeTable = `
  -- Work that others did for a job. followed: 1 where the link to the job is shown; how says which,
  -- or why not. key: unique in the job. containers: JSON, ids of what was started over it.
  CREATE TABLE edge (
    id          INTEGER PRIMARY KEY,
    job         INTEGER NOT NULL REFERENCES job (id),
    key         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    process_key INTEGER NOT NULL,
    target      TEXT NOT NULL,
    followed    INTEGER NOT NULL,
    how         TEXT NOT NULL,
    time_us     INTEGER NOT NULL,
    containers  TEXT NOT NULL,
    UNIQUE (job, key)
  ) STRICT;
`;

/** The `edge` table, written. */
export class EdgeInsert {
  readonly #add: Statement<(string | number)[]>;

  constructor(db: Database) {
    this.#add = db.prepare(`
      INSERT INTO edge (job, key, kind, process_key, target, followed, how, time_us, containers)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (job, key) DO UPDATE
         SET followed = excluded.followed, how = excluded.how, containers = excluded.containers
    `);
  }

  /** Adds it, or brings the row with the same key up to date. */
  put(job: number, edge: Edge): void {
    const { key, kind, process_key, target, followed, how, time_us, containers } = edge;
    this.#add.run(
      ...[job, key, kind, process_key, target, followed ? 1 : 0, how, time_us],
      JSON.stringify(containers),
    );
  }
}

type Row = Omit<Edge, "followed" | "containers" | "kind"> & {
  readonly kind: string;
  readonly followed: number;
  readonly containers: string;
};

/** The `edge` table, read. */
export class StoredEdges {
  readonly #ofJob: Statement<[number], Row>;

  constructor(db: Database) {
    this.#ofJob = db.prepare(`
      SELECT key, kind, process_key, target, followed, how, time_us, containers
        FROM edge
       WHERE job = ?
       ORDER BY time_us, id
    `);
  }

  /** The earliest first. */
  ofJob(job: number): Edge[] {
    return this.#ofJob.all(job).map(toEdge);
  }
}

// What is read here was written by EdgeInsert, so it has the type that went in.
const toEdge = (row: Row): Edge => ({
  ...row,
  kind: row.kind as EdgeKind,
  followed: row.followed === 1,
  containers: JSON.parse(row.containers),
});
