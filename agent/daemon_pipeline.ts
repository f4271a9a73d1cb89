import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { JobwardenError } from "../src/base/errors.ts";
import type { Log } from "../src/base/log.ts";
import { redactor } from "../src/base/redact.ts";
import type { Finding } from "../src/engine/finding.ts";
import type { Signature } from "../src/engine/signature.ts";
import { FileHeirs } from "../src/jobs/file_heirs.ts";
import type { FoundRunner } from "../src/jobs/runner.ts";
import { signatures } from "../src/signatures/index.ts";
import { type Job, Jobs } from "../src/store/jobs.ts";
import { beforeTracing, Losses } from "../src/store/losses.ts";
import { openForWriting } from "../src/store/open.ts";
import { Writer } from "../src/store/writer.ts";
import { WrittenFiles } from "../src/store/written_files.ts";
import { BatchWriter } from "./batch_writer.ts";
import { sweepCgroups } from "./cgroup.ts";
import { tellOldConnections } from "./containers.ts";
import type { DaemonStart, FromPipeline, ToPipeline } from "./daemon_protocol.ts";
import { forgedHook } from "./forged_hook.ts";
import { homesOf } from "./homes.ts";
import { HookAnswers } from "./hook_answers.ts";
import { JobWatch } from "./job_watch.ts";
import { bootOf } from "./kernel.ts";
import { bootId, hostName } from "./machine.ts";
import { openPinnedKernel, type PinnedKernel } from "./pinned_kernel.ts";
import { recover } from "./recover.ts";
import { redactionKey } from "./redaction_key.ts";
import { loadRules } from "./rules.ts";
import { RunnerJob } from "./runner_job.ts";
import { RunnerJobs } from "./runner_jobs.ts";
import { unseenOn } from "./unseen.ts";
import { version } from "./version.ts";

/** How often the agent says in the database that it lives. */
const heartbeatMs = 5000;
/** How long a hook may wait for what was recorded before it; a flood goes on for longer. */
const catchUpMs = 2000;

/** Files of earlier jobs that are known again after a start. */
const mostHeirs = 65_536;

/** What the pipeline's thread does: everything from the rings to the store, and answers to hooks. */
export class Daemon {
  readonly is_new: boolean;
  readonly unseen: readonly string[];
  readonly #start: DaemonStart;
  readonly #post: (message: FromPipeline) => void;
  readonly #log: Log;
  readonly #kernel: PinnedKernel;
  readonly #db: Database;
  readonly #store: Writer;
  readonly #writer: BatchWriter;
  readonly #jobs: RunnerJobs;
  readonly #hooks: HookAnswers;
  readonly #redact: (args: readonly string[]) => readonly string[];
  readonly #signatures: readonly Signature[];
  readonly #heirs = new FileHeirs();
  readonly #started_us = Date.now() * 1000;
  /** Calls of hooks that are not answered yet. */
  readonly #asked: (ToPipeline & { type: "hook"; since_ms: number })[] = [];
  #said_ms = Number.NEGATIVE_INFINITY;

  /** @throws JobwardenError what makes tracing or storing impossible */
  constructor(start: DaemonStart, post: (message: FromPipeline) => void, log: Log) {
    this.#start = start;
    this.#post = post;
    this.#log = log;
    this.#signatures = [...(signatures as readonly Signature[]), ...this.#ownRules()];
    this.#redact = redactor(redactionKey(start.state_directory));
    this.#db = openForWriting(join(start.state_directory, "jobwarden.db"));
    sweepCgroups(start.cgroup_root);
    this.#kernel = openPinnedKernel(start);
    this.is_new = this.#kernel.is_new;
    this.unseen = unseenOn(this.#kernel);
    const agent = { host: hostName(), boot_id: bootId(), agent_pid: process.pid, version };
    this.#store = new Writer(this.#db, agent);
    this.#writer = new BatchWriter(this.#store);
    this.#heirs.remember(new WrittenFiles(this.#db).newest(mostHeirs));
    this.#jobs = this.#makeJobs();
    this.#hooks = this.#makeHooks();
    if (this.is_new) tellOldConnections(this.#kernel.tracer);
    this.#setRunners(start.runners);
    recover({
      ...{ db: this.#db, store: this.#store, kernel: this.#kernel, jobs: this.#jobs, log },
      cgroup_root: start.cgroup_root,
      remake: (job) => this.#remake(job),
    });
  }

  take(message: Exclude<ToPipeline, { type: "stop" }>): void {
    switch (message.type) {
      case "runners":
        this.#setRunners(message.runners);
        break;
      case "container":
        this.#jobs.containers.describe(message.record);
        break;
      case "settings":
        this.#hooks.fail_on = message.fail_on;
        break;
      case "hook":
        this.#asked.push({ ...message, since_ms: performance.now() });
        break;
    }
  }

  /** One batch, and what is due. @returns its bytes */
  turn(): number {
    const bytes = this.#jobs.pipeline.turn((finding) => this.#found(finding));
    this.#jobs.tick();
    this.#answer();
    if (performance.now() - this.#said_ms >= heartbeatMs) this.#say(true);
    return bytes;
  }

  wait(timeout_ms: number): void {
    this.#jobs.pipeline.wait(timeout_ms);
  }

  /** The programs stay in the kernel: who starts next goes on from here. */
  stop(): void {
    const until = performance.now() + catchUpMs;
    while (this.turn() > 0 && performance.now() < until) {}
    this.#say(false);
    this.#kernel.tracer.close();
    this.#db.close();
  }

  /**
   * Who asks waits until what it did to come here is known; in a flood, not for ever. All at once, so
   * that a job which calls without end costs one batch for each turn.
   */
  #answer(): void {
    const [first] = this.#asked;
    if (!first) return;
    const isLate = performance.now() - first.since_ms > catchUpMs;
    if (!this.#jobs.pipeline.is_drained && !isLate) return;
    this.#jobs.pipeline.settle();
    for (const { id, hook, peer } of this.#asked.splice(0)) {
      this.#post({ type: "hook", id, answer: this.#hooks.answer(hook, peer) });
    }
  }

  #ownRules(): readonly Signature[] {
    const { signatures: own, refused } = loadRules(this.#start.rules_directory);
    for (const { path, why } of refused) this.#log.warn({ path, why }, "A rule cannot be used.");
    return own;
  }

  #makeHooks(): HookAnswers {
    const { hook_scripts, fail_on } = this.#start;
    return new HookAnswers(
      {
        ...{ db: this.#db, jobs: this.#jobs, scripts: hook_scripts, unseen: this.unseen },
        log: this.#log,
        onForged: (job, pid, why) => {
          if (!job) return;
          const finding = forgedHook(job, pid, why);
          if (job.record.note(finding)) this.#found(finding);
        },
      },
      fail_on,
    );
  }

  #makeJobs(): RunnerJobs {
    return new RunnerJobs({
      kernel: this.#kernel,
      writer: this.#writer,
      cgroup_root: this.#start.cgroup_root,
      signatures: this.#signatures,
      redact: this.#redact,
      log: this.#log,
      follow: (job) => this.#watch(job),
      endedBefore: (kernel_job) => {
        const job = new Jobs(this.#db).byTracer(this.#kernel.tracer_id, kernel_job);
        return job?.state === "ended" ? this.#remake(job) : undefined;
      },
      onContainer: (notice) => this.#post({ type: "container", notice }),
      onListener: () => this.#post({ type: "scan" }),
    });
  }

  #watch(job: RunnerJob): JobWatch {
    return new JobWatch({
      job,
      writer: this.#writer,
      hook_scripts: this.#start.hook_scripts,
      heirs: this.#heirs,
      homes: homesOf(job.runner?.user ?? null),
      boot_us: bootOf(this.#kernel),
      containersOf: (left) => this.#jobs.containers.leftBy(left),
    });
  }

  #remake(job: Job): RunnerJob {
    const { id, tracer, tracer_job, runner, worker_key, worker_pid, started_us } = job;
    return new RunnerJob({
      worker: { tracer, tracer_job, runner, process_key: worker_key, pid: worker_pid },
      runner: this.#jobs.registry.byNumber(runner ?? 0),
      started_us,
      writer: this.#writer,
      signatures: this.#signatures,
      redact: this.#redact,
      job: id,
      has_past: new Losses(this.#db).ofJob(id).some(({ kind }) => kind === beforeTracing),
    });
  }

  #setRunners(found: readonly FoundRunner[]): void {
    this.#unlessRefused(() => this.#register(found));
  }

  #register(found: readonly FoundRunner[]): void {
    const now_us = Date.now() * 1000;
    const known = this.#jobs.registry;
    const before = new Set(known.all.map(({ root }) => root));
    this.#store.apply(({ runners }) => {
      const registered = found.filter(this.#isOfHost).map((runner) => ({
        ...runner,
        number: runners.upsert(runner, now_us),
      }));
      for (const root of known.set(registered)) {
        runners.removed(root, now_us);
        this.#log.info({ root }, "A runner is gone.");
      }
      for (const { root, name } of registered) {
        if (!before.has(root)) this.#log.info({ root, name }, "A runner is followed.");
      }
    });
    if (known.all.some(({ root }) => !before.has(root))) this.#jobs.findRunning();
  }

  /** What a job calls a Listener makes no runner. */
  readonly #isOfHost = ({ sources, listener_pids }: FoundRunner): boolean =>
    sources.length === 0 || // found before
    sources.some((source) => source !== "listener") ||
    listener_pids.some((pid) => !this.#jobs.ofProcess(pid));

  #found({ signature, severity, message, job }: Finding): void {
    this.#log.warn(
      { job, signature, severity, what: message },
      "A job did what a signature names.",
    );
  }

  #say(isAlive: boolean): void {
    this.#said_ms = performance.now();
    this.#jobs.pipeline.settle();
    const { trouble } = this.#jobs.pipeline;
    const reasons = [
      ...this.unseen.map((what) => `not seen on this kernel: ${what}`),
      ...(trouble === undefined ? [] : [trouble]),
    ];
    const sees = reasons.length === 0 ? "protected" : "degraded";
    this.#unlessRefused(() =>
      this.#store.apply((tables) =>
        tables.agent.say({
          ...{ pid: process.pid, boot_id: bootId(), version, tracer: this.#kernel.tracer_id },
          ...{ started_us: this.#started_us, seen_us: Date.now() * 1000, reasons },
          state: isAlive ? sees : "stopped",
        }),
      ),
    );
  }

  /** A full disk ends no agent: jobs go on being judged, and what is not stored is counted. */
  #unlessRefused(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof JobwardenError)) throw error;
      this.#log.error({ error: error.message }, "The state of the agent cannot be stored.");
    }
  }
}
