import { Engine } from "../src/engine/engine.ts";
import type { Finding } from "../src/engine/finding.ts";
import type { Signature } from "../src/engine/signature.ts";
import type { JobEvent } from "../src/events/index.ts";
import { ProcessTree, type TrackedProcess } from "../src/jobs/process_tree.ts";
import type { ProcessExtra } from "../src/store/processes.ts";
import type { Writer } from "../src/store/writer.ts";
import { Folds } from "./folds.ts";

export interface JobRecordOptions {
  readonly job: number;
  readonly writer: Writer;
  readonly signatures: readonly Signature[];
  /** Takes secrets out of arguments before anybody sees them. */
  readonly redact: (args: readonly string[]) => readonly string[];
}

/** What is known of one job while it runs: its processes, its folds, its findings. */
export class JobRecord {
  readonly job: number;
  readonly tree: ProcessTree;
  readonly engine: Engine;
  readonly folds = new Folds();
  readonly #writer: Writer;
  readonly #redact: JobRecordOptions["redact"];
  readonly #changed = new Set<TrackedProcess>();
  readonly #extras = new Map<TrackedProcess, ProcessExtra>();
  /** The launcher, until it has become the command: what it does is not the job's. */
  #launcher: number | undefined;
  #launched = false;
  events = 0;
  findings = 0;

  constructor({ job, writer, signatures, redact }: JobRecordOptions) {
    this.job = job;
    this.#writer = writer;
    this.#redact = redact;
    this.tree = new ProcessTree({ onChange: (process) => this.#changed.add(process) });
    this.engine = new Engine(signatures, this.tree, job);
  }

  /**
   * Stores an event and judges it. In a batch of the writer.
   * @param key of its repetitions, when the kind is folded
   * @returns what was found
   */
  take(decoded: JobEvent, key?: string): readonly Finding[] {
    if (this.#isLaunchers(decoded)) return [];
    const event = decoded.event === "process_exec" ? this.#withoutSecrets(decoded) : decoded;
    const process = this.tree.apply(event);
    if (process) this.#noteExtra(process, event);
    const id = this.#writer.addEvent(event, this.job, process ? this.#rowOf(process) : 0);
    this.events++;
    if (key !== undefined) this.folds.add(key, event.event, id, event.time_us);
    const findings = this.engine.judge(event, id);
    for (const finding of findings) this.#writer.addFinding(finding);
    this.findings += findings.length;
    return findings;
  }

  /** Counts a repetition of an event that was stored. @returns false when it is none */
  repeat(key: string, time_us: number): boolean {
    const isKnown = this.folds.repeat(key, time_us);
    if (isKnown) this.events++;
    return isKnown;
  }

  /** Brings counts and processes of the batch up to date, before it is committed. */
  flush(): void {
    for (const { event, id, count, last_us } of this.folds.take()) {
      this.#writer.fold(event, id, count, last_us);
    }
    for (const process of this.#changed) {
      const row = this.#rowOf(process);
      this.#writer.updateProcess(row, process, this.#extras.get(process) ?? {});
    }
    this.#changed.clear();
    this.#extras.clear();
  }

  #withoutSecrets<E extends JobEvent & { event: "process_exec" }>(event: E): E {
    return { ...event, args: this.#redact(event.args) };
  }

  /**
   * What enters the job's group first is our own launcher; from its exec on it is the command.
   */
  #isLaunchers(event: JobEvent): boolean {
    if (this.#launched) return false;
    if (event.event === "cgroup_move" && event.joined === "yes") {
      this.#launcher ??= event.moved_key;
      return false;
    }
    if (event.process_key !== (this.#launcher ?? event.process_key)) return false;
    if (event.event !== "process_exec") return true;
    this.#launched = true;
    return false;
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
    for (const one of missing.reverse()) one.row = this.#writer.addProcess(this.job, one);
    return process.row;
  }
}

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
