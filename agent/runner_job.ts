import type { Finding } from "../src/engine/finding.ts";
import type { Signature } from "../src/engine/signature.ts";
import type { EventNamed, JobEvent } from "../src/events/index.ts";
import type { NoticeNamed } from "../src/events/notices/index.ts";
import type { HookName, PeerExec, PeerRecord } from "../src/jobs/hook_peer.ts";
import type { TrackedProcess } from "../src/jobs/process_tree.ts";
import type { StepEnvironment } from "../src/jobs/step_variables.ts";
import type { WorkerOfJob } from "../src/store/jobs.ts";
import type { BatchWriter } from "./batch_writer.ts";
import type { JobCgroup } from "./cgroup.ts";
import { EnvironmentBlocks } from "./environment_blocks.ts";
import { type JobObserver, JobRecord } from "./job_record.ts";
import type { RegisteredRunner } from "./runner_registry.ts";
import type { Survivor } from "./survivor_search.ts";
import type { WorkerResult } from "./worker_result.ts";

export interface RunnerJobOptions {
  readonly worker: WorkerOfJob;
  /** Undefined when nobody knows whose job it is: its beginning was lost. */
  readonly runner: RegisteredRunner | undefined;
  readonly started_us: number;
  readonly writer: BatchWriter;
  readonly signatures: readonly Signature[];
  readonly redact: (args: readonly string[]) => readonly string[];
  /** Its row, when an earlier agent has made it. */
  readonly job?: number;
  /** Whether it ran before it was traced. Default: no. */
  readonly has_past?: boolean;
}

/** A child of the Worker that runs: a step, or a part of one, or what the runner itself needs. */
export interface WorkerChild {
  readonly process_key: number;
  readonly pid: number;
  readonly started_us: number;
  /** All since its fork, the first ones of very many. */
  readonly execs: PeerExec[];
  first_exec: EventNamed<"process_exec"> | undefined;
}

/** How the Worker ended. */
export interface WorkerEnd {
  readonly time_us: number;
  readonly exit_code: number;
  /** 0 when it exited. */
  readonly signal: number;
}

/** Hears of what a job does, and writes what it makes of it. */
export interface JobListener {
  /** Between batches. @returns whether there is something to store */
  poll(): boolean;
  onChild(child: WorkerChild, exec: EventNamed<"process_exec">, environment: StepEnvironment): void;
  onChildEnd(process_key: number, time_us: number, exit_code: number): void;
  onEvent(event: JobEvent, process: TrackedProcess | undefined): void;
  /** A container of the job has its control group. */
  onContainer(notice: NoticeNamed<"container_cgroup">): void;
  /** The job has its own control group. */
  onGroup(group: JobCgroup): void;
  /** A child of the Worker has called as a hook. */
  onHookCall(hook: HookName): void;
  /** Findings that follow from how the Worker ended. */
  findingsAtEnd(result: WorkerResult): readonly Finding[];
  /** The Worker has ended, and all that was recorded until then is taken in. */
  onEnd(survivors: readonly Survivor[], ended_us: number): void;
  /** Whether nothing more is to be found out about it. */
  readonly is_done: boolean;
  onFlush(job: number): void;
  onNotStored(): void;
}

/** One job of a runner, from its Worker's exec until its last process has ended. */
export class RunnerJob implements JobObserver {
  readonly record: JobRecord;
  readonly worker: WorkerOfJob;
  readonly runner: RegisteredRunner | undefined;
  readonly started_us: number;
  readonly has_past: boolean;
  /** Whether an earlier agent has followed it until it died. */
  readonly is_resumed: boolean;
  listener: JobListener | undefined;
  #group: JobCgroup | undefined;
  /** Set when the Worker has ended. */
  end: WorkerEnd | undefined;
  /** Whether the end is stored; what is left of the job is then its residue. */
  is_over = false;
  /** Why its record may be less than it looks, as sentences without a full stop. */
  readonly troubles: string[] = [];
  readonly #children = new Map<number, WorkerChild>();
  readonly #blocks = new EnvironmentBlocks();

  constructor(options: RunnerJobOptions) {
    const { worker, runner, started_us, job, has_past = false, ...rest } = options;
    this.worker = worker;
    this.runner = runner;
    this.started_us = started_us;
    this.has_past = has_past;
    this.is_resumed = job !== undefined;
    const name = `${runner?.name ?? "unknown runner"} #${worker.tracer_job}`;
    const start = { name, kind: "runner", command: "Runner.Worker", started_us, worker } as const;
    const kernel_job = worker.tracer_job;
    this.record = new JobRecord({ kernel_job, ...(job ? { job } : { start }), ...rest });
    this.record.observer = this;
  }

  get group(): JobCgroup | undefined {
    return this.#group;
  }

  set group(group: JobCgroup | undefined) {
    this.#group = group;
    if (group) this.listener?.onGroup(group);
  }

  /** The Worker's child with that process id that runs now. */
  childOf(pid: number): WorkerChild | undefined {
    // The youngest: an earlier one of that id has ended, even if its end was lost.
    return [...this.#children.values()].findLast((child) => child.pid === pid);
  }

  /** What is known of a process that asks as a hook of this job. */
  peer(pid: number): PeerRecord | undefined {
    const child = this.childOf(pid);
    if (!child) return undefined;
    return {
      process_key: child.process_key,
      parent_key: this.worker.process_key,
      is_forked_by_worker: true,
      has_ended: false,
      execs: child.execs,
    };
  }

  onEnvironment(notice: NoticeNamed<"step_environment">): void {
    const environment = this.#blocks.take(notice);
    const child = this.#children.get(notice.process_key);
    if (!environment || !child?.first_exec) return;
    this.listener?.onChild(child, child.first_exec, environment);
    child.first_exec = undefined; // its arguments may be long
  }

  /** A child that is replayed, after its first exec was: its environment was read by another agent. */
  restoreChild(process_key: number, environment: StepEnvironment): void {
    const child = this.#children.get(process_key);
    if (!child?.first_exec) return;
    this.listener?.onChild(child, child.first_exec, environment);
    child.first_exec = undefined;
  }

  onEvent(event: JobEvent, process: TrackedProcess | undefined): void {
    this.listener?.onEvent(event, process);
    switch (event.event) {
      case "process_fork":
        if (event.step_key !== 0 && event.step_key === event.child_key) this.#addChild(event);
        break;
      case "process_exec":
        this.#exec(event);
        break;
      case "process_exit":
        this.#exit(event);
        break;
    }
  }

  onFlush(): void {
    this.listener?.onFlush(this.record.job);
  }

  onNotStored(): void {
    this.listener?.onNotStored();
  }

  #addChild({ child_key, child_pid, time_us }: EventNamed<"process_fork">): void {
    if (this.#children.size >= mostChildren) {
      for (const key of this.#children.keys()) {
        this.#children.delete(key);
        break;
      }
    }
    this.#children.set(child_key, {
      process_key: child_key,
      pid: child_pid,
      started_us: time_us,
      execs: [],
      first_exec: undefined,
    });
  }

  #exec(event: EventNamed<"process_exec">): void {
    if (event.step_key !== event.process_key) return;
    const child = this.#children.get(event.process_key);
    if (!child || child.execs.length >= mostExecs) return;
    if (child.execs.length === 0) child.first_exec = event;
    child.execs.push({ path: event.path, args: event.args.slice(0, mostArgs) });
  }

  #exit({ process_key, time_us, exit_code, signal }: EventNamed<"process_exit">): void {
    if (process_key === this.worker.process_key) {
      this.end ??= { time_us, exit_code, signal };
      return;
    }
    if (!this.#children.delete(process_key)) return;
    this.listener?.onChildEnd(process_key, time_us, signal === 0 ? exit_code : killedExit + signal);
  }
}

/** Of a job at once. The Worker starts one after the other, but for background steps: 10 at once. */
const mostChildren = 1024;
/** A hook has two; what has more is none. */
const mostExecs = 8;
const mostArgs = 8;
/** As a shell says it. */
const killedExit = 128;
