import { JobwardenError } from "../src/base/errors.ts";
import type { Log } from "../src/base/log.ts";
import type { Signature } from "../src/engine/signature.ts";
import type { Notice, NoticeNamed } from "../src/events/notices/index.ts";
import { findTasks } from "../src/events/notices/process_found.ts";
import type { WorkerOfJob } from "../src/store/jobs.ts";
import { beforeTracing } from "../src/store/losses.ts";
import type { BatchWriter } from "./batch_writer.ts";
import { removeCgroup } from "./cgroup.ts";
import { JobContainers } from "./job_containers.ts";
import { gather, groupName } from "./job_group.ts";
import type { JobRecord } from "./job_record.ts";
import { u32 } from "./kernel.ts";
import type { PinnedKernel } from "./pinned_kernel.ts";
import { Pipeline, type PipelineListener } from "./pipeline.ts";
import { type JobListener, RunnerJob } from "./runner_job.ts";
import { RunnerRegistry } from "./runner_registry.ts";
import { survivorsOf } from "./survivor_search.ts";
import { workerResult } from "./worker_result.ts";

export interface RunnerJobsOptions {
  readonly kernel: PinnedKernel;
  readonly writer: BatchWriter;
  readonly cgroup_root: string;
  readonly signatures: readonly Signature[];
  readonly redact: (args: readonly string[]) => readonly string[];
  readonly log: Log;
  /** Called for each job that begins, to follow what its Worker's children are. */
  readonly follow: (job: RunnerJob) => JobListener | undefined;
  /** A job that an earlier agent has ended, by the kernel's number: what it left may still run. */
  readonly endedBefore: (kernel_job: number) => RunnerJob | undefined;
  /** Called for a container, about which more can be found out. */
  readonly onContainer: (notice: Notice) => void;
  /** Called when a Listener was started, which may be of a runner that nobody knows yet. */
  readonly onListener: () => void;
}

/** All jobs of the runners of this host: begun by the kernel, ended here. */
export class RunnerJobs implements PipelineListener {
  readonly tracer_id: string;
  readonly pipeline: Pipeline;
  readonly registry: RunnerRegistry;
  readonly containers: JobContainers;
  readonly #options: RunnerJobsOptions;
  /** By their number in the kernel. */
  readonly #jobs = new Map<number, RunnerJob>();
  /** Those of which nothing was left when it was last looked. */
  readonly #is_gone = new WeakSet<RunnerJob>();
  /** When it was last looked which jobs are gone. */
  #looked_ms = 0;

  constructor(options: RunnerJobsOptions) {
    const { kernel, writer } = options;
    this.#options = options;
    this.tracer_id = kernel.tracer_id;
    this.registry = new RunnerRegistry(kernel.tracer);
    this.containers = new JobContainers(writer, (job) => this.#jobs.get(job)?.record.job);
    this.pipeline = new Pipeline(kernel.tracer, writer, this);
  }

  /** Those whose Worker runs, and those of which something is left. */
  get all(): readonly RunnerJob[] {
    return [...this.#jobs.values()];
  }

  /** The job of a process that runs now, by what the kernel knows. */
  ofProcess(pid: number): RunnerJob | undefined {
    const process = this.#options.kernel.tracer.mapGet("jw_processes", u32(pid));
    return process && this.#jobs.get(Buffer.from(process).readUInt32LE(8));
  }

  /** Takes in jobs that run already, of runners that were registered now. */
  findRunning(): void {
    const { tracer, seen } = this.#options.kernel;
    const { program } = findTasks;
    if (!seen.some(({ hooks }) => hooks.some((hook) => hook.program === program))) return;
    // What was forked while the program went over the tasks may have been passed by.
    for (let round = 0; round < mostRounds; round++) if (tracer.visit(program) === 0) return;
  }

  /** Goes on with a job that an earlier agent began. */
  add(job: RunnerJob): void {
    this.#jobs.set(job.worker.tracer_job, job);
    this.pipeline.add(job.record);
    job.listener = this.#options.follow(job);
  }

  onNotice(notice: Notice): void {
    switch (notice.event) {
      case "job_start":
        this.#start(notice);
        break;
      case "process_found":
        this.#find(notice);
        break;
      case "runner_program":
        this.#see(notice);
        break;
      case "step_environment":
        this.#jobs.get(notice.job)?.onEnvironment(notice);
        break;
      case "container_cgroup":
        this.#jobs.get(notice.job)?.listener?.onContainer(notice);
        this.#seeContainer(notice);
        break;
      default:
        this.#seeContainer(notice);
    }
  }

  onFlush(): void {
    if (this.containers.is_changed) this.containers.store();
  }

  #seeContainer(notice: Notice): void {
    if (this.containers.take(notice)) this.#options.onContainer(notice);
  }

  onStranger(kernel_job: number, time_us: number): JobRecord | undefined {
    const { log, endedBefore } = this.#options;
    const before = endedBefore(kernel_job);
    if (before) {
      before.is_over = true;
      this.#jobs.set(kernel_job, before);
      this.pipeline.add(before.record);
      return before.record;
    }
    log.warn({ kernel_job }, "A job's beginning was lost; it is followed without its Worker.");
    const worker = { tracer: this.tracer_id, tracer_job: kernel_job, runner: null };
    const job = this.#make({ ...worker, process_key: 0, pid: 0 }, time_us);
    job.troubles.push("the record of the job's beginning was lost");
    return job.record;
  }

  /** What is due between batches: ends jobs whose Worker has ended, and forgets what is gone. */
  tick(): void {
    let has_found = false;
    for (const job of this.#jobs.values()) has_found = job.listener?.poll() || has_found;
    if (has_found) this.pipeline.settle();
    // What the rings still hold may be of a job that has ended.
    if (!this.pipeline.is_drained) return;
    const now_ms = performance.now();
    const isTime = now_ms - this.#looked_ms >= lookEveryMs;
    if (isTime) this.#looked_ms = now_ms;
    for (const job of this.#jobs.values()) {
      if (job.end && !job.is_over) this.#end(job);
      else if (isTime) this.#look(job);
    }
  }

  /** What only the kernel knows: whether anything of the job is left. */
  #look(job: RunnerJob): void {
    if (this.pipeline.living(job.record).length > 0) {
      this.#is_gone.delete(job);
      return;
    }
    if (job.is_over && job.listener?.is_done !== false) this.#forget(job);
    else if (!job.is_over && this.#is_gone.has(job)) this.#end(job);
    // Its Worker's exit may be on its way through the ring; if not, the record of it was lost.
    this.#is_gone.add(job);
  }

  #start({ job: tracer_job, process_key, pid, runner, time_us, path }: NoticeNamed<"job_start">) {
    const known = this.registry.byNumber(runner);
    const worker = { tracer: this.tracer_id, tracer_job, runner, process_key, pid };
    const job = this.#make(worker, time_us);
    this.#options.log.info({ runner: known?.name, job: job.record.job, pid, path }, "A job began.");
    this.#gather(job);
  }

  /** What ran before: the Worker comes before what it has started. */
  #find(notice: NoticeNamed<"process_found">): void {
    const { job: tracer_job, process_key, pid, runner, role, started_us, path } = notice;
    if (role === "worker") {
      const worker = { tracer: this.tracer_id, tracer_job, runner, process_key, pid };
      const job = this.#make(worker, started_us, true);
      job.record.miss(beforeTracing);
      const { name } = job.runner ?? {};
      const told = { runner: name, job: job.record.job, pid, path };
      this.#options.log.warn(told, "A job was running already; it is traced from here on.");
      this.#gather(job);
    }
    this.#jobs.get(tracer_job)?.record.tree.found(notice);
  }

  #make(worker: WorkerOfJob, started_us: number, has_past = false): RunnerJob {
    const { writer, signatures, redact } = this.#options;
    const runner = this.registry.byNumber(worker.runner ?? 0);
    const job = new RunnerJob({
      ...{ worker, runner, started_us, writer, signatures, redact, has_past },
    });
    job.record.begin();
    this.add(job);
    return job;
  }

  #gather(job: RunnerJob): void {
    const { kernel, cgroup_root, log } = this.#options;
    const { tracer_job, pid } = job.worker;
    const name = groupName(kernel.tracer_id, tracer_job);
    try {
      const living = () => [pid, ...this.pipeline.living(job.record)];
      job.group = gather(kernel.tracer, cgroup_root, name, tracer_job, living);
    } catch (error) {
      if (!(error instanceof JobwardenError)) throw error;
      job.troubles.push(`the job has no control group of its own: ${error.message}`);
      log.warn({ error: error.message }, "A job has no control group of its own.");
    }
  }

  #see({ kind, path, pid, root_inode, root_device }: NoticeNamed<"runner_program">): void {
    const { log, onListener } = this.#options;
    const runner = this.registry.byProgram(path);
    if (runner) this.registry.register(runner.number, root_inode, root_device);
    if (kind === "listener") onListener();
    else log.warn({ path, pid, runner: runner?.name }, "A Worker was started that begins no job.");
  }

  #end(job: RunnerJob): void {
    const { log, writer, kernel } = this.#options;
    const { record, end, started_us } = job;
    const entries = kernel.tracer.mapEntries("jw_processes");
    const survivors = survivorsOf(entries, record.kernel_job);
    const {
      time_us: ended_us,
      exit_code,
      signal,
    } = end ?? {
      ...{ time_us: Date.now() * 1000, exit_code: 0, signal: 0 },
    };
    const result = end ? workerResult(exit_code, signal) : "unknown";
    if (result !== "unknown") {
      for (const finding of job.listener?.findingsAtEnd(result) ?? []) {
        if (record.note(finding))
          log.warn({ job: record.job, what: finding.message }, "A hook is missing.");
      }
    }
    try {
      this.pipeline.end(record, () => {
        writer.apply(({ jobs, losses }) => {
          const row = { ended_us, exit_code: end ? exit_code : null, result };
          const complete = losses.ofJob(record.job) === 0;
          const ended = { ...row, signal: null, complete, survivors: survivors.length };
          jobs.end(record.job, ended);
        });
      });
      job.is_over = true;
      job.listener?.onEnd(survivors, ended_us);
    } catch (error) {
      if (!(error instanceof JobwardenError)) throw error;
      log.error({ error: error.message }, "The end of a job cannot be stored; it is tried again.");
      return;
    }
    const seconds = (ended_us - started_us) / 1e6;
    log.info({ job: record.job, result, seconds, survivors: survivors.length }, "A job ended.");
  }

  /** Its number names nothing any more, and its group goes. */
  #forget(job: RunnerJob): void {
    if (job.group && !removeCgroup(job.group)) return;
    this.pipeline.remove(job.record);
    this.#jobs.delete(job.worker.tracer_job);
  }
}

const lookEveryMs = 250;
/** Each finds one generation more, in the worst order. */
const mostRounds = 64;
