import type { Database, Statement } from "better-sqlite3";
import { JobwardenError } from "../base/errors.ts";
import { pathOf } from "./store_error.ts";

/** `run`: traced by `jobwarden run`; `runner`: a job of a GitHub runner. */
export type JobKind = "run" | "runner";
export type JobState = "running" | "ended" | "interrupted";

export interface JobStart {
  readonly name: string;
  readonly kind: JobKind;
  /** What is traced, as a person would type it; redacted. */
  readonly command: string;
  /** Unix microseconds, as all times here. */
  readonly started_us: number;
  /** Of a runner's job; absent for a command. */
  readonly worker?: WorkerOfJob;
}

/** What began a runner's job. */
export interface WorkerOfJob {
  /** The loaded programs that saw it, and its number there. */
  readonly tracer: string;
  readonly tracer_job: number;
  /** The runner's row; null when it is not known. */
  readonly runner: number | null;
  readonly process_key: number;
  readonly pid: number;
}

export interface JobEnd {
  readonly ended_us: number;
  /** Null when it is not known, or when the job was interrupted. */
  readonly exit_code: number | null;
  /** Name of the signal that ended the command, such as SIGKILL; null when it exited. */
  readonly signal: string | null;
  /** Whether nothing is known to be missing. */
  readonly complete: boolean;
  /** Processes that outlived the command and are no longer followed. */
  readonly survivors: number;
  /** Default: ended. */
  readonly state?: "ended" | "interrupted";
  /** As the runner says; absent for a command. */
  readonly result?: string;
}

/** Who writes: kept with each job. */
export interface Agent {
  readonly host: string;
  readonly boot_id: string;
  readonly agent_pid: number;
  /** Of jobwarden. */
  readonly version: string;
}

export interface Job extends Omit<JobStart, "worker">, Agent {
  readonly id: number;
  readonly state: JobState;
  /** Null while it runs. */
  readonly ended_us: number | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
  /** No event of the job has an id outside of these two; null while it has none. */
  readonly first_event: number | null;
  readonly last_event: number | null;
  /** False as long as the job has not ended. */
  readonly complete: boolean;
  readonly survivors: number;
  /** Empty, null and zero for a command, as in `WorkerOfJob`. */
  readonly tracer: string;
  readonly tracer_job: number;
  readonly runner: number | null;
  readonly worker_key: number;
  readonly worker_pid: number;
  readonly result: string | null;
}

type Row = Omit<Job, "complete"> & { readonly complete: number };

const columns = `id, name, kind, command, state, started_us, ended_us, exit_code, signal,
                 first_event, last_event, complete, survivors, host, boot_id, agent_pid, version,
                 tracer, tracer_job, runner, worker_key, worker_pid, result`;

/** The `job` table, read. */
export class Jobs {
  readonly #path: string;
  readonly #newest: Statement<[number], Row>;
  readonly #byId: Statement<[number], Row>;
  readonly #byName: Statement<[string], Row>;
  readonly #running: Statement<[], Row>;
  readonly #byTracer: Statement<[string, number], Row>;

  constructor(db: Database) {
    this.#path = pathOf(db);
    this.#newest = db.prepare(`SELECT ${columns} FROM job ORDER BY id DESC LIMIT ?`);
    this.#byId = db.prepare(`SELECT ${columns} FROM job WHERE id = ?`);
    this.#byName = db.prepare(`SELECT ${columns} FROM job WHERE name = ? ORDER BY id DESC LIMIT 1`);
    this.#byTracer = db.prepare(
      `SELECT ${columns} FROM job WHERE tracer = ? AND tracer_job = ? ORDER BY id DESC LIMIT 1`,
    );
    this.#running = db.prepare(`SELECT ${columns} FROM job WHERE state = 'running' ORDER BY id`);
  }

  /** The newest first. @param limit default: all */
  newest(limit = -1): Job[] {
    return this.#newest.all(limit).map(toJob);
  }

  /** Those that no writer has ended; the writer of one may be dead. The oldest first. */
  running(): Job[] {
    return this.#running.all().map(toJob);
  }

  /** The job of a runner that the loaded programs know by that number. */
  byTracer(tracer: string, tracer_job: number): Job | undefined {
    const row = this.#byTracer.get(tracer, tracer_job);
    return row && toJob(row);
  }

  /**
   * The job that a person means.
   * @param which its id; `last` for the newest; or a name, and then the newest of that name
   * @throws JobwardenError NOT_FOUND
   */
  find(which: string | number): Job {
    const row = this.#look(String(which));
    if (row) return toJob(row);
    const newest = this.#newest.get(1);
    const there = newest ? `the newest job is ${newest.id}` : "there is no job yet";
    throw new JobwardenError("NOT_FOUND", `no job ${which} in ${this.#path}: ${there}`);
  }

  #look(which: string): Row | undefined {
    if (which === "last") return this.#newest.get(1);
    const byId = /^\d{1,15}$/.test(which) ? this.#byId.get(Number(which)) : undefined;
    return byId ?? this.#byName.get(which);
  }
}

const toJob = (row: Row): Job => ({ ...row, complete: row.complete === 1 });

/** The `job` table, written. */
export class JobInsert {
  readonly #agent: Agent;
  readonly #start: Statement<(string | number | null)[]>;
  readonly #end: Statement<(string | number | null)[]>;
  readonly #rename: Statement<[string, string, number]>;
  readonly #adopt: Statement<[number, string, number]>;

  constructor(db: Database, agent: Agent) {
    this.#agent = agent;
    this.#start = db.prepare(`
      INSERT INTO job (name, kind, command, state, started_us, complete, survivors,
                       host, boot_id, agent_pid, version,
                       tracer, tracer_job, runner, worker_key, worker_pid)
      VALUES (?, ?, ?, 'running', ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    `);
    this.#end = db.prepare(`
      UPDATE job
         SET state = ?, ended_us = ?, exit_code = ?, signal = ?, complete = ?, survivors = ?,
             result = ?
       WHERE id = ?
    `);
    this.#rename = db.prepare("UPDATE job SET name = ?, command = ? WHERE id = ?");
    this.#adopt = db.prepare("UPDATE job SET agent_pid = ?, version = ? WHERE id = ?");
  }

  start({ name, kind, command, started_us, worker = noWorker }: JobStart): number {
    const { host, boot_id, agent_pid, version } = this.#agent;
    const { tracer, tracer_job, runner, process_key, pid } = worker;
    const row = [name, kind, command, started_us, host, boot_id, agent_pid, version];
    const begun = this.#start.run(...row, tracer, tracer_job, runner, process_key, pid);
    return Number(begun.lastInsertRowid);
  }

  /** What it is called becomes known after it began. */
  rename(job: number, name: string, command: string): void {
    this.#rename.run(name, command, job);
  }

  /** This process goes on with a job that an earlier one began. */
  adopt(job: number): void {
    this.#adopt.run(this.#agent.agent_pid, this.#agent.version, job);
  }

  /** @returns whether there is such a job */
  end(job: number, end: JobEnd): boolean {
    const { state = "ended", ended_us, exit_code, signal, complete, survivors } = end;
    const set = [state, ended_us, exit_code, signal, complete ? 1 : 0, survivors];
    return this.#end.run(...set, end.result ?? null, job).changes === 1;
  }
}

const noWorker: WorkerOfJob = { tracer: "", tracer_job: 0, runner: null, process_key: 0, pid: 0 };
