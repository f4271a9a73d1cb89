import type { Database, Statement } from "better-sqlite3";
import type { Finding } from "../engine/finding.ts";
import type { Repeat } from "../engine/watch.ts";
import type { EventName, JobEvent } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { EventCounts } from "./event_counts.ts";
import { EventInsert } from "./event_insert.ts";
import { definitions, isFolded } from "./event_tables.ts";
import type { Agent, JobEnd, JobStart } from "./jobs.ts";
import { type ProcessExtra, ProcessInsert } from "./processes.ts";
import { pathOf, storeError } from "./store_error.ts";
import { Tables } from "./tables.ts";
import { Texts } from "./text.ts";

type Fold = Statement<[number, number, number], number>;

/**
 * The one class that writes. Between `begin` and `commit` it holds the database's write lock, and
 * all of that is stored or nothing; other writers wait, so a batch is short.
 *
 * A method that throws a JobwardenError (STORE_BUSY, STATE_UNWRITABLE, STORE_CORRUPT) has rolled
 * the batch back: event ids and process rows that it gave during the batch name nothing, and the
 * caller must forget them. The writer itself may be used again.
 */
export class Writer {
  readonly #db: Database;
  readonly #path: string;
  readonly #texts: Texts;
  readonly #processes: ProcessInsert;
  readonly #tables: Tables;
  readonly #counts: EventCounts;
  readonly #events: ReadonlyMap<string, EventInsert>;
  readonly #folds: ReadonlyMap<string, Fold>;
  readonly #begin: Statement<[]>;
  readonly #commit: Statement<[]>;
  readonly #nextEvent: Statement<[], number>;
  readonly #setNextEvent: Statement<[number]>;
  #inBatch = false;
  /** The first id that the batch may give, and the next one. */
  #first = 0;
  #next = 0;

  constructor(db: Database, options: Partial<Agent> = {}) {
    this.#db = db;
    this.#path = pathOf(db);
    this.#texts = new Texts(db);
    this.#processes = new ProcessInsert(db, this.#texts);
    this.#tables = new Tables(db, { ...nobody, ...options }, this.#texts);
    this.#counts = new EventCounts(db);
    this.#events = new Map(definitions.map((d) => [d.name, new EventInsert(db, d, this.#texts)]));
    this.#folds = new Map(definitions.filter(isFolded).map(({ name }) => [name, fold(db, name)]));
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#nextEvent = db
      .prepare<[], number>("SELECT next FROM sequence WHERE name = 'event'")
      .pluck();
    this.#setNextEvent = db.prepare("UPDATE sequence SET next = ? WHERE name = 'event'");
  }

  /** Adds a job that runs. In a batch or on its own. @returns its id */
  startJob(job: JobStart): number {
    return this.apply(({ jobs }) => jobs.start(job));
  }

  /** In a batch or on its own. */
  endJob(job: number, end: JobEnd): void {
    const found = this.apply(({ jobs }) => jobs.end(job, end));
    if (!found) throw new Error(`there is no job ${job} to end`);
  }

  /** Starts a batch. Waits for another writer's batch to end, at most for the busy timeout. */
  begin(): void {
    if (this.#inBatch) throw new Error("begin within a batch");
    try {
      this.#begin.run();
      this.#inBatch = true;
      this.#first = this.#nextEvent.get() ?? 1;
      this.#next = this.#first;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /**
   * Adds a process; its parent, when it has one in the job, must have been added before.
   * @returns the row's id
   */
  addProcess(job: number, process: Process): number {
    this.#needBatch("addProcess");
    try {
      return this.#processes.add(job, process);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Brings a process's row up to date: after an exec, after its end. */
  updateProcess(row: number, process: Process, extra: ProcessExtra = {}): void {
    this.#needBatch("updateProcess");
    try {
      if (this.#processes.update(row, process, extra)) return;
    } catch (error) {
      throw this.#failed(error);
    }
    throw new Error(`there is no process row ${row} to update`);
  }

  /**
   * Adds an event.
   * @param job the job's id in this database, whatever the record says
   * @param process the row of the process that did it; 0 when it is not known
   * @returns the event's id: unique over all kinds, and larger than that of every earlier event
   */
  addEvent(event: JobEvent, job: number, process: number): number {
    this.#needBatch("addEvent");
    const kind = event.event;
    const id = this.#next++;
    try {
      this.#events.get(kind)!.add(id, event, job, process); // every definition has one
    } catch (error) {
      throw this.#failed(error);
    }
    this.#counts.added(job, kind, id);
    return id;
  }

  /**
   * Counts events on the row of an earlier one that is the same. The row may be of an earlier batch.
   * @param count how many more there were
   * @param last_us time of the last of them
   */
  fold(kind: EventName, id: number, count: number, last_us: number): void {
    this.#needBatch("fold");
    const statement = this.#folds.get(kind);
    if (!statement) throw new Error(`${kind} is never folded`);
    let job: number | undefined;
    try {
      this.#events.get(kind)?.flush();
      job = statement.get(count, last_us, id);
    } catch (error) {
      throw this.#failed(error);
    }
    if (job === undefined) throw new Error(`there is no ${kind} ${id} to fold into`);
    this.#counts.folded(job, kind, count);
  }

  /** Adds a finding, or counts it on the one of the same job, signature and key. */
  addFinding(finding: Finding): void {
    this.apply(({ findings }) => findings.add(finding));
  }

  /** Counts what matched again on the finding that it matched. */
  countFinding(job: number, repeat: Repeat): void {
    this.apply(({ findings }) => findings.count(job, repeat));
  }

  /** Adds to the events of that kind that are known to be missing. */
  addLoss(job: number, kind: string, lost: number): void {
    this.apply(({ losses }) => losses.add(job, kind, lost));
  }

  /** Writes to the other tables, in a batch or on its own: what is rare enough to be a closure. */
  apply<T>(act: (tables: Tables) => T): T {
    try {
      return act(this.#tables);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Stores the batch. After it the batch survives the end of this process, however it ends. */
  commit(): void {
    this.#needBatch("commit");
    try {
      for (const table of this.#events.values()) table.flush();
      this.#counts.store(this.#first);
      if (this.#next > this.#first) this.#setNextEvent.run(this.#next);
      this.#commit.run();
      this.#inBatch = false;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Forgets the batch, if there is one. */
  rollback(): void {
    this.#inBatch = false;
    for (const table of this.#events.values()) table.drop();
    this.#counts.drop();
    this.#texts.forget();
    // SQLite has itself rolled back after some errors: a full disk, for one.
    if (this.#db.open && this.#db.inTransaction) this.#db.exec("ROLLBACK");
  }

  #needBatch(what: string): void {
    if (!this.#inBatch) throw new Error(`${what} outside of a batch`);
  }

  #failed(error: unknown): unknown {
    this.rollback();
    return storeError(this.#path, error);
  }
}

const nobody: Agent = { host: "", boot_id: "", agent_pid: 0, version: "" };

const fold = (db: Database, table: string): Fold =>
  db
    .prepare<[number, number, number], number>(`
      UPDATE ${table} SET count = count + ?, last_us = max(last_us, ?) WHERE id = ? RETURNING job
    `)
    .pluck();
