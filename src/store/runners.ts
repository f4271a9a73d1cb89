import type { Database, Statement } from "better-sqlite3";
import type { FoundRunner } from "../jobs/runner.ts";

/**
 * The `runner` table, for a migration. root: as FoundRunner has it. name, runner_id, url: what its
 * `.runner` says, a hint; NULL where it says nothing. runner_id: GitHub's number of it. user, unit,
 * version: NULL where there is none. ephemeral: 0 or 1. Times are Unix microseconds. No row is ever
 * deleted, so no id is reused.
 */
export const runnerTable = `
    CREATE TABLE runner (
      id            INTEGER PRIMARY KEY,
      root          TEXT NOT NULL UNIQUE,
      name          TEXT,
      runner_id     INTEGER,
      url           TEXT,
      work_folder   TEXT NOT NULL,
      user          TEXT,
      unit          TEXT,
      version       TEXT,
      ephemeral     INTEGER NOT NULL,
      state         TEXT NOT NULL CHECK (state IN ('present', 'removed')),
      first_seen_us INTEGER NOT NULL,
      last_seen_us  INTEGER NOT NULL
    ) STRICT;
`;

export type RunnerState = "present" | "removed";

type Shared = "root" | "name" | "url" | "work_folder" | "user" | "unit" | "version" | "ephemeral";

/** A runner that is or was on this host. */
export interface StoredRunner extends Pick<FoundRunner, Shared> {
  readonly id: number;
  /** GitHub's number of it. */
  readonly runner_id: number | null;
  readonly state: RunnerState;
  readonly first_seen_us: number;
  /** When it was last known to be there; of a removed one, when it was found to be gone. */
  readonly last_seen_us: number;
}

type Row = Omit<StoredRunner, "ephemeral"> & { readonly ephemeral: number };

/** The `runner` table. One directory is one row for ever, whatever runner is in it. */
export class Runners {
  readonly #upsert: Statement<(string | number | null)[], { readonly id: number }>;
  readonly #remove: Statement<[number, string]>;
  readonly #all: Statement<[], Row>;

  constructor(db: Database) {
    this.#upsert = db.prepare(`
      INSERT INTO runner (root, name, runner_id, url, work_folder, user, unit, version, ephemeral,
                          state, first_seen_us, last_seen_us)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'present', ?, ?)
      ON CONFLICT (root) DO UPDATE
         SET name = excluded.name, runner_id = excluded.runner_id, url = excluded.url,
             work_folder = excluded.work_folder, user = excluded.user, unit = excluded.unit,
             version = excluded.version, ephemeral = excluded.ephemeral, state = excluded.state,
             last_seen_us = excluded.last_seen_us
      RETURNING id
    `);
    this.#remove = db.prepare(`
      UPDATE runner SET state = 'removed', last_seen_us = ? WHERE root = ?
    `);
    this.#all = db.prepare(`
      SELECT id, root, name, runner_id, url, work_folder, user, unit, version, ephemeral, state,
             first_seen_us, last_seen_us
        FROM runner
       ORDER BY id
    `);
  }

  /** @returns the runner's id, the same each time for one root */
  upsert(runner: FoundRunner, now_us: number): number {
    const { root, name, id, url, work_folder, user, unit, version, ephemeral } = runner;
    const row = [root, name, id, url, work_folder, user, unit, version, ephemeral ? 1 : 0];
    const stored = this.#upsert.get(...row, now_us, now_us);
    if (!stored) throw new Error(`SQLite gave no id for the runner in ${root}`);
    return stored.id;
  }

  /** @returns whether there is such a runner */
  removed(root: string, now_us: number): boolean {
    return this.#remove.run(now_us, root).changes === 1;
  }

  /** The first seen first, removed ones included. */
  all(): StoredRunner[] {
    return this.#all.all().map((row) => ({ ...row, ephemeral: row.ephemeral === 1 }));
  }
}
