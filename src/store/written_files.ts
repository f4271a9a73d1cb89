import type { Database, Statement } from "better-sqlite3";
import type { WrittenFile } from "../jobs/edge.ts";
import { type Texts, TextValues } from "./text.ts";

/** For the migration that makes the table. */
export const writtenFileTable = `
  -- Files that a job left where later jobs may find them. device: major << 20 | minor. path: a text
  -- id. ctime_ns: the inode's change time at the end of the job; with path and inode it proves that
  -- a file is still this one, because an inode's number is used again.
  CREATE TABLE written_file (
    job         INTEGER NOT NULL REFERENCES job (id),
    device      INTEGER NOT NULL,
    inode       INTEGER NOT NULL,
    path        INTEGER NOT NULL,
    process_key INTEGER NOT NULL,
    time_us     INTEGER NOT NULL,
    ctime_ns    INTEGER NOT NULL,
    PRIMARY KEY (job, device, inode, path)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX written_file_inode ON written_file (device, inode);
`;

export interface WrittenFileOptions {
  /** Rows that one job may have; what is beyond is counted. Default: 16,384. */
  readonly limit?: number;
}

/** The `written_file` table, written. */
export class WrittenFileInsert {
  readonly #texts: Texts;
  readonly #limit: number;
  readonly #add: Statement<(number | bigint)[]>;
  readonly #count: Statement<[number], number>;

  constructor(db: Database, texts: Texts, { limit = 16_384 }: WrittenFileOptions = {}) {
    this.#texts = texts;
    this.#limit = limit;
    this.#add = db.prepare(`
      INSERT INTO written_file (job, device, inode, path, process_key, time_us, ctime_ns)
      VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (job, device, inode, path) DO UPDATE
         SET process_key = excluded.process_key, time_us = excluded.time_us,
             ctime_ns = excluded.ctime_ns
    `);
    this.#count = db
      .prepare<[number], number>("SELECT count(*) FROM written_file WHERE job = ?")
      .pluck();
  }

  /**
   * Adds what a job left. Must be called within a write transaction, as its texts are shared.
   * @returns how many were not added because the job has its limit
   */
  add(job: number, files: readonly WrittenFile[]): number {
    const room = Math.max(0, this.#limit - (this.#count.get(job) ?? 0));
    for (const file of files.slice(0, room)) {
      const { device, inode, path, process_key, time_us, ctime_ns } = file;
      const text = this.#texts.idOf(path);
      this.#add.run(job, device, inode, text, process_key, time_us, BigInt(ctime_ns));
    }
    return Math.max(0, files.length - room);
  }
}

interface Row {
  readonly job: bigint;
  readonly device: bigint;
  readonly inode: bigint;
  readonly path: bigint;
  readonly process_key: bigint;
  readonly time_us: bigint;
  readonly ctime_ns: bigint;
}

/** The `written_file` table, read. */
export class WrittenFiles {
  readonly #texts: TextValues;
  readonly #newest: Statement<[number], Row>;
  readonly #ofInode: Statement<[number, number], Row>;

  constructor(db: Database, texts = new TextValues(db)) {
    const columns = "job, device, inode, path, process_key, time_us, ctime_ns";
    this.#texts = texts;
    // Change times exceed 2^53.
    this.#newest = db
      .prepare<[number], Row>(`
        SELECT ${columns} FROM (
          SELECT ${columns} FROM written_file ORDER BY job DESC, device, inode LIMIT ?
        ) ORDER BY job, time_us
      `)
      .safeIntegers();
    this.#ofInode = db
      .prepare<[number, number], Row>(`
        SELECT ${columns} FROM written_file WHERE device = ? AND inode = ? ORDER BY job, path
      `)
      .safeIntegers();
  }

  /** Those of the newest jobs, the oldest first: what `FileHeirs` starts with. */
  newest(limit: number): WrittenFile[] {
    return this.#newest.all(limit).map((row) => this.#toFile(row));
  }

  /** The oldest job first. */
  ofInode(device: number, inode: number): WrittenFile[] {
    return this.#ofInode.all(device, inode).map((row) => this.#toFile(row));
  }

  #toFile(row: Row): WrittenFile {
    return {
      job: Number(row.job),
      device: Number(row.device),
      inode: Number(row.inode),
      path: this.#texts.valueOf(Number(row.path)),
      process_key: Number(row.process_key),
      time_us: Number(row.time_us),
      ctime_ns: String(row.ctime_ns),
    };
  }
}
