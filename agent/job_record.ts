import { Engine } from "../src/engine/engine.ts";
import type { Finding } from "../src/engine/finding.ts";
import type { Signature } from "../src/engine/signature.ts";
import { type EventName, events, type JobEvent } from "../src/events/index.ts";
import { briefArgs, rememberedProcesses } from "../src/jobs/brief_args.ts";
import { ProcessTree, type TrackedProcess } from "../src/jobs/process_tree.ts";
import type { JobStart } from "../src/store/jobs.ts";
import type { ProcessExtra } from "../src/store/processes.ts";
import type { BatchWriter } from "./batch_writer.ts";
import { Folds } from "./folds.ts";

export interface JobRecordOptions {
  /** Its number in the records of the kernel. */
  readonly kernel_job: number;
  /** Its row; absent for one that gets it with the batch in which it begins. */
  readonly job?: number;
  /** What the row is made from; absent when there is one. */
  readonly start?: JobStart;
  readonly writer: BatchWriter;
  readonly signatures: readonly Signature[];
  /** Takes secrets out of arguments before anybody sees them. */
  readonly redact: (args: readonly string[]) => readonly string[];
}

/** Sees what a job does, as it is taken: repetitions that are folded are not. */
export interface JobObserver {
  /** @param process who did it; undefined when that is not of the job */
  onEvent(event: JobEvent, process: TrackedProcess | undefined): void;
  /** Before the commit of each batch, to write what it has to. */
  onFlush?(): void;
  /** The batch was not stored: what was written to it must be written again. */
  onNotStored?(): void;
}

/** What is known of one job while it runs: its processes, its folds, its findings. */
export class JobRecord {
  readonly kernel_job: number;
  observer: JobObserver | undefined;
  readonly tree: ProcessTree;
  readonly engine: Engine;
  readonly folds = new Folds();
  readonly #writer: BatchWriter;
  readonly #redact: JobRecordOptions["redact"];
  readonly #start: JobStart | undefined;
  #job: number;
  /** Its row is of the batch that is being made. */
  #isBegun = false;
  /** Kinds of which repetitions are known to the store to be in memory only. */
  readonly #unsettled = new Set<string>();
  readonly #changed = new Set<TrackedProcess>();
  readonly #extras = new Map<TrackedProcess, ProcessExtra>();
  /** Those that got their row in this batch. */
  readonly #given: TrackedProcess[] = [];
  /** Events that got a row in this batch, by id. */
  readonly #added: number[] = new Array(eventNames.length).fill(0);
  /** Events of batches that could not be stored, by id, until that itself is stored. */
  readonly #lost = new Map<number, number>();
  /** Kinds of what is missing, until that is stored. */
  readonly #missed = new Set<string>();
  /** Findings that are not stored yet. */
  #found: Finding[] = [];
  /** Findings that follow from no event: their kinds are few. */
  readonly #noted = new Set<string>();
  /** Stored, or to be stored with the next batch. */
  events = 0;
  findings = 0;

  constructor({ kernel_job, job = 0, start, writer, signatures, redact }: JobRecordOptions) {
    this.kernel_job = kernel_job;
    this.#job = job;
    this.#start = start;
    this.#writer = writer;
    this.#redact = redact;
    this.tree = new ProcessTree({
      limit: rememberedProcesses,
      redact: briefArgs,
      onChange: (process) => this.#changed.add(process),
    });
    this.engine = new Engine(signatures, this.tree, job);
  }

  /** Its row in the store; 0 as long as it has none. */
  get job(): number {
    return this.#job;
  }

  /** Gives it a row when it has none. At the begin of a batch, and when it begins within one. */
  begin(): void {
    const start = this.#start;
    if (this.#job !== 0 || !start) return;
    this.#job = this.#writer.apply(({ jobs }) => jobs.start(start)) ?? 0;
    this.#isBegun = this.#job !== 0;
  }

  /**
   * Stores an event and judges it. In a batch of the writer.
   * @param sameness what its repetitions have too, when the kind is folded
   * @returns what was found
   */
  take(decoded: JobEvent, sameness?: string): readonly Finding[] {
    const event = this.#withoutSecrets(decoded);
    const process = this.tree.apply(event);
    if (process) this.#noteExtra(process, event);
    this.observer?.onEvent(event, process);
    const id = this.#writer.addEvent(event, this.job, process ? this.#rowOf(process) : 0);
    this.events++;
    this.#added[event.event_id]!++; // as long as the list of events
    if (sameness !== undefined && id !== 0) this.folds.add(event, sameness, id);
    const findings = this.engine.judge(event, id);
    this.#found.push(...findings);
    this.findings += findings.length;
    return findings;
  }

  /** Adds a finding that follows from no event. @returns false when it is one that was noted */
  note(finding: Finding): boolean {
    const key = `${finding.signature} ${finding.key}`;
    if (this.#noted.has(key)) return false;
    this.#noted.add(key);
    this.#found.push(finding);
    this.findings++;
    return true;
  }

  /** Something of the job is missing that no event of the kernel counts. */
  miss(kind: string): void {
    this.#missed.add(kind);
  }

  /** Counts a repetition of an event that was stored. @returns false when it is none */
  repeat(event_id: number, sameness: string, time_us: number): boolean {
    const isKnown = this.folds.repeat(event_id, sameness, time_us);
    if (isKnown) this.events++;
    return isKnown;
  }

  /**
   * Takes in again what is stored, after the process that stored it has died: judges it, so that
   * each signature remembers what it did, and makes no rows and no findings.
   * @param row of the process that did it
   */
  replay(event: JobEvent, row: number): void {
    const process = this.tree.apply(event);
    if (process && process.row === 0) process.row = row;
    this.observer?.onEvent(event, process);
    this.findings += this.engine.judge(event, 0).length;
    this.events++;
  }

  /** All that changed by replaying is what the store has. */
  replayed(): void {
    this.#changed.clear();
  }

  /** Stores what was counted of repetitions since the last time. In a batch of the writer. */
  storeRepetitions(): void {
    for (const { event, id, count, last_us } of this.folds.counted) {
      this.#writer.fold(event, id, count, last_us);
    }
    for (const kind of this.#unsettled) this.#setUnsettled(kind, 0);
    this.#unsettled.clear();
  }

  /** Says in the store how many repetitions are in memory only, should this process be killed. */
  noteRepetitions(): void {
    const counts = new Map<EventName, number>();
    for (const { event, count } of this.folds.counted) {
      counts.set(event, (counts.get(event) ?? 0) + count);
    }
    for (const [kind, count] of counts) {
      this.#setUnsettled(kind, count);
      this.#unsettled.add(kind);
    }
  }

  #setUnsettled(kind: string, count: number): void {
    this.#writer.apply(({ state }) => state.setUnsettled(this.#job, kind, count));
  }

  /** Adds findings and losses, and brings the rows of processes up to date: before the commit. */
  flush(): void {
    this.observer?.onFlush?.();
    for (const finding of this.#found) this.#writer.addFinding({ ...finding, job: this.job });
    for (const [id, lost] of this.#lost) this.#writer.addLoss(this.job, eventNames[id] ?? "", lost);
    for (const kind of this.#missed) this.#writer.addLoss(this.job, kind, 1);
    for (const process of this.#changed) {
      const row = this.#rowOf(process);
      this.#writer.updateProcess(row, process, this.#extras.get(process) ?? {});
    }
  }

  /** The batch is stored. @param withRepetitions whether they were part of it */
  stored(withRepetitions: boolean): void {
    this.#isBegun = false;
    this.#given.length = 0;
    this.#added.fill(0);
    this.#lost.clear();
    this.#missed.clear();
    this.#found = [];
    this.#changed.clear();
    this.#extras.clear();
    this.folds.keep();
    if (withRepetitions) this.folds.keepCounts();
  }

  /**
   * The batch is not stored: its events are lost, and counted so with the next batch, in which its
   * findings and processes are given again.
   */
  notStored(): void {
    for (const [id, count] of this.#added.entries()) this.#lose(id, count);
    this.#added.fill(0);
    this.folds.drop((id, repetitions) => this.#lose(id, repetitions));
    for (const process of this.#given) process.row = 0;
    this.#given.length = 0;
    if (this.#isBegun) this.#job = 0;
    this.#isBegun = false;
    this.observer?.onNotStored?.();
    // The row that a finding names is not there, and another event will get its number.
    this.#found = this.#found.map((finding) => ({ ...finding, event_id: 0 }));
    this.#forgetSome();
  }

  /** Events that are lost and not yet stored as such. */
  get unstoredLosses(): number {
    return [...this.#lost.values()].reduce((sum, count) => sum + count, 0);
  }

  #lose(id: number, count: number): void {
    if (count === 0) return;
    this.#lost.set(id, (this.#lost.get(id) ?? 0) + count);
    this.events -= count;
  }

  /** A job may go on for long while nothing can be stored; its events are counted as lost anyway. */
  #forgetSome(): void {
    for (const process of this.#changed) {
      if (this.#changed.size <= rememberedProcesses) return;
      this.#changed.delete(process);
      this.#extras.delete(process);
    }
  }

  #withoutSecrets(event: JobEvent): JobEvent {
    switch (event.event) {
      case "process_exec":
        return { ...event, args: this.#redact(event.args) };
      case "exec_environment":
        return { ...event, value: this.#redact(event.value.split(" ")).join(" ") };
      default:
        return event;
    }
  }

  #noteExtra(process: TrackedProcess, event: JobEvent): void {
    const extra = extraOf(event);
    if (!extra) return;
    this.#extras.set(process, { ...this.#extras.get(process), ...extra });
    this.#changed.add(process);
  }

  /** The row of a process; its ancestors get theirs before it. */
  #rowOf(process: TrackedProcess): number {
    if (process.row !== 0) return process.row;
    const missing = [process];
    for (const ancestor of this.tree.ancestry(process.process_key)) {
      if (ancestor.row !== 0) break;
      missing.push(ancestor);
    }
    for (const one of missing.reverse()) {
      one.row = this.#writer.addProcess(this.job, one);
      this.#given.push(one);
    }
    return process.row;
  }
}

/** By event id. */
const eventNames: readonly string[] = events.reduce((names: string[], { id, name }) => {
  names[id] = name;
  return names;
}, []);

function extraOf(event: JobEvent): ProcessExtra | undefined {
  switch (event.event) {
    case "process_exec":
      return { uid: event.uid };
    case "credential_change":
      return { uid: event.uid };
    case "process_exit":
      return { exit_code: event.exit_code, exit_signal: event.signal };
    default:
      return undefined;
  }
}
