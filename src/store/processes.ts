import type { Database, Statement } from "better-sqlite3";
import type { Process } from "../jobs/process.ts";
import { type Texts, TextValues } from "./text.ts";

/** What a process's row has beyond `Process`; what is absent stays as it was. */
export interface ProcessExtra {
  /** What it passed to exit; 0 when a signal ended it. */
  readonly exit_code?: number;
  /** The signal that ended it; 0 when it exited. */
  readonly exit_signal?: number;
  /** Real user id in the initial user namespace. */
  readonly uid?: number;
}

/** A row of `process`. */
export interface StoredProcess extends Process {
  readonly id: number;
  readonly job: number;
  /** The parent's row; null when the parent is not of the job, or not known. */
  readonly parent: number | null;
  /** Null while it runs, or when its end was not seen. */
  readonly exit_code: number | null;
  readonly exit_signal: number | null;
  /** Null until an event told. */
  readonly uid: number | null;
}

/** The `process` table, written. */
export class ProcessInsert {
  readonly #texts: Texts;
  readonly #add: Statement<(number | null)[], number>;
  readonly #update: Statement<(number | null)[]>;

  constructor(db: Database, texts: Texts) {
    this.#texts = texts;
    // A process that its tracer had forgotten, to make room, comes a second time: as one that has
    // just been met. Its row is there, and knows more.
    this.#add = db
      .prepare<(number | null)[], number>(`
        INSERT INTO process (job, process_key, parent, pid, started_us, ended_us,
                             path, args, cwd, execs, step_key)
        VALUES (?, ?, (SELECT id FROM process WHERE job = ? AND process_key = ?), ?, ?, ?,
                ?, ?, ?, ?, ?)
            ON CONFLICT (job, process_key) DO UPDATE SET process_key = excluded.process_key
        RETURNING id
      `)
      .pluck();
    this.#update = db.prepare(`
      UPDATE process
         SET parent = coalesce((SELECT id FROM process AS parent
                                 WHERE parent.job = process.job AND process_key = ?), parent),
             pid = coalesce(nullif(?, 0), pid),
             started_us = min(started_us, ?),
             ended_us = coalesce(?, ended_us),
             path = coalesce(?, path),
             args = coalesce(?, args),
             cwd = coalesce(?, cwd),
             execs = max(execs, ?),
             exit_code = coalesce(?, exit_code),
             exit_signal = coalesce(?, exit_signal),
             uid = coalesce(?, uid),
             step_key = coalesce(nullif(?, 0), step_key)
       WHERE id = ?
    `);
  }

  add(job: number, process: Process): number {
    const { process_key, parent_key, pid, started_us, ended_us = null, execs } = process;
    const texts = this.#textsOf(process);
    const id = this.#add.get(
      ...[job, process_key, job, parent_key, pid, started_us, ended_us],
      ...[...texts, execs, process.step_key],
    );
    return id!; // an insert that does not throw returns its row
  }

  /** @returns whether there is such a row */
  update(id: number, process: Process, extra: ProcessExtra): boolean {
    const { parent_key, pid, started_us, ended_us = null, execs } = process;
    const { exit_code = null, exit_signal = null, uid = null } = extra;
    const isProgramKnown = execs > 0 || process.path !== "";
    const texts = isProgramKnown ? this.#textsOf(process) : [null, null, null];
    const { changes } = this.#update.run(
      ...[parent_key, pid, started_us, ended_us, ...texts, execs],
      ...[exit_code, exit_signal, uid, process.step_key, id],
    );
    return changes === 1;
  }

  #textsOf({ path, args, cwd }: Process): number[] {
    return [this.#texts.idOf(path), this.#texts.idOfArgs(args), this.#texts.idOf(cwd)];
  }
}

type Row = Omit<StoredProcess, "ended_us" | "parent_key" | "path" | "args" | "cwd"> & {
  readonly ended_us: number | null;
  readonly parent_key: number | null;
  readonly path: number;
  readonly args: number;
  readonly cwd: number;
};

/** The `process` table, read. */
export class Processes {
  readonly #texts: TextValues;
  readonly #ofJob: Statement<[number], Row>;

  constructor(db: Database, texts = new TextValues(db)) {
    this.#texts = texts;
    this.#ofJob = db.prepare(`
      SELECT p.id, p.job, p.process_key, p.parent, parent.process_key AS parent_key, p.pid,
             p.started_us, p.ended_us, p.exit_code, p.exit_signal, p.path, p.args, p.cwd,
             p.uid, p.execs, p.step_key
        FROM process AS p LEFT JOIN process AS parent ON parent.id = p.parent
       WHERE p.job = ?
       ORDER BY p.id
    `);
  }

  /** In the order in which they were first seen, so that a parent stands before its children. */
  ofJob(job: number): StoredProcess[] {
    return this.#ofJob.all(job).map((row) => ({
      ...row,
      ended_us: row.ended_us ?? undefined,
      parent_key: row.parent_key ?? 0,
      path: this.#texts.valueOf(row.path),
      args: this.#texts.argsOf(row.args),
      cwd: this.#texts.valueOf(row.cwd),
    }));
  }
}
