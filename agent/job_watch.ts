import { join } from "node:path";
import { BoundedMap } from "../src/base/bounded_map.ts";
import type { Finding } from "../src/engine/finding.ts";
import type { EventNamed, JobEvent } from "../src/events/index.ts";
import type { NoticeNamed } from "../src/events/notices/index.ts";
import { containerIdOf } from "../src/jobs/container_facts.ts";
import type { HookName } from "../src/jobs/hook_peer.ts";
import {
  type Claim,
  claimsOfEnvironment,
  claimsOfEvent,
  claimsOfMessage,
  claimsOfRunner,
} from "../src/jobs/identity.ts";
import { type JobMessage, parseJobMessage, resolvedActions } from "../src/jobs/job_message.ts";
import { JobSteps } from "../src/jobs/job_steps.ts";
import { jobName, mergeIdentity } from "../src/jobs/merged_identity.ts";
import type { TrackedProcess } from "../src/jobs/process_tree.ts";
import type { WriterRole } from "../src/jobs/runner_writes.ts";
import type { Step } from "../src/jobs/step.ts";
import { hostPath } from "../src/jobs/step_call.ts";
import type { StepEnvironment } from "../src/jobs/step_variables.ts";
import { parseUses } from "../src/jobs/uses.ts";
import { parseWorkflowJob } from "../src/jobs/workflow_file.ts";
import type { StepRow } from "../src/store/steps.ts";
import type { Tables } from "../src/store/tables.ts";
import type { BatchWriter } from "./batch_writer.ts";
import type { JobCgroup } from "./cgroup.ts";
import type { HookScripts } from "./daemon_protocol.ts";
import { HookCalls, missedHook } from "./hook_calls.ts";
import { hostileText, Manifests, workerLog } from "./job_files.ts";
import { JobTrail, type JobTrailOptions } from "./job_trail.ts";
import type { LeftContainer } from "./residue.ts";
import type { JobListener, RunnerJob, WorkerChild } from "./runner_job.ts";
import type { Survivor } from "./survivor_search.ts";
import type { WorkerResult } from "./worker_result.ts";

/** How long the Worker may take to write what it was told. It waits 30 s for it itself. */
const messageWithinMs = 45_000;
const lookEveryMs = 50;
const mostScriptBytes = 4096;

interface Bound {
  readonly process_key: number;
  readonly environment: StepEnvironment;
  readonly step: Step | undefined;
}
const nothing = { bound: [], claims: [] };

export interface JobWatchOptions extends Pick<JobTrailOptions, "job" | "heirs" | "homes"> {
  readonly writer: BatchWriter;
  readonly hook_scripts: HookScripts;
  /** Unix microseconds of boot, as the tracer was told. */
  readonly boot_us: number;
  /** Containers of the job that are there now. */
  readonly containersOf: (job: RunnerJob) => readonly LeftContainer[];
}

/** Finds out who a job is and what its Worker's children are to the workflow, and stores it. */
export class JobWatch implements JobListener {
  readonly #job: RunnerJob;
  readonly #writer: BatchWriter;
  readonly #work_folder: string;
  readonly #steps: JobSteps;
  readonly #trail: JobTrail;
  readonly #hooks: HookCalls;
  readonly #boot_us: number;
  readonly #containersOf: JobWatchOptions["containersOf"];
  /** By process key of a child that runs or has run: what it is to the workflow. */
  readonly #roles = new BoundedMap<number, WriterRole>(mostRoles);
  readonly #manifests = new Manifests();
  #message: JobMessage | undefined;
  #has_workflow = false;
  /** The commit of each action's repository. */
  #commits: ReadonlyMap<string, string> | undefined;
  readonly #claims = new Map<string, Claim>();
  #unstored: Claim[] = [];
  #name = "";
  /** Children whose step is to be stored. */
  #bound: Bound[] = [];
  readonly #rows = new Map<number, number>();
  readonly #born_ms = performance.now();
  #looked_ms = 0;

  constructor({ job, writer, hook_scripts, heirs, homes, boot_us, containersOf }: JobWatchOptions) {
    this.#job = job;
    this.#writer = writer;
    this.#boot_us = boot_us;
    this.#containersOf = containersOf;
    this.#trail = new JobTrail({
      ...{ job, heirs, homes },
      roleOf: (process_key) => this.#roleOf(process_key),
    });
    this.#hooks = new HookCalls(job.worker.pid, hook_scripts);
    this.#work_folder = job.runner?.work_folder ?? "";
    this.#steps = new JobSteps({
      work_folder: this.#work_folder,
      hook_scripts,
      manifestOf: (directory) => this.#manifests.of(directory),
      has_past: job.has_past,
    });
    const { name = null, id = null } = job.runner ?? {};
    this.#claim(claimsOfRunner({ name, id }));
  }

  /** Between batches. @returns whether there is something to store */
  poll(): boolean {
    if (!this.#message) this.#look();
    return this.#trail.step();
  }

  get is_done(): boolean {
    return this.#trail.is_done;
  }

  onEvent(event: JobEvent, process: TrackedProcess | undefined): void {
    this.#trail.onEvent(event, process);
    if (event.event === "process_exec") this.#hooks.see(event);
  }

  onHookCall(hook: HookName): void {
    this.#hooks.called(hook);
  }

  findingsAtEnd(result: WorkerResult): readonly Finding[] {
    const has_steps = this.#steps.steps.some(({ action }) => action !== "");
    const missed = this.#hooks.missed(this.#job, result, has_steps);
    return missed.map((one) => missedHook(this.#job, one));
  }

  onContainer({ process_key, name }: NoticeNamed<"container_cgroup">): void {
    this.#trail.addContainer(process_key, containerIdOf(name) ?? name);
  }

  onGroup(group: JobCgroup): void {
    this.#trail.addGroup(group);
  }

  onEnd(survivors: readonly Survivor[], ended_us: number): void {
    this.#trail.end(survivors, this.#containersOf(this.#job), ended_us, this.#boot_us);
  }

  #roleOf(process_key: number): WriterRole {
    if (process_key === this.#job.worker.process_key) return "worker";
    const step_key = this.#job.record.tree.get(process_key)?.step_key ?? 0;
    return this.#roles.get(step_key) ?? "unknown";
  }

  /** Looks for what the Worker was told, as long as it can still come. */
  #look(): void {
    const now_ms = performance.now();
    if (now_ms - this.#looked_ms < lookEveryMs) return;
    if (now_ms - this.#born_ms > messageWithinMs) return;
    this.#looked_ms = now_ms;
    this.#readMessage();
  }

  onChild(
    { process_key }: WorkerChild,
    exec: EventNamed<"process_exec">,
    environment: StepEnvironment,
  ): void {
    // The Worker had written it before it started anything.
    if (!this.#message) this.#readMessage();
    this.#readCommits(environment);
    this.#readWorkflow(environment);
    this.#claim(claimsOfEnvironment(environment));
    this.#readEvent(environment);
    const { args, time_us } = exec;
    const script = this.#scriptOf(args);
    const child = { process_key, time_us, args, environment };
    const step = this.#steps.childStarted(script === undefined ? child : { ...child, script });
    this.#bound.push({ process_key, environment, step });
    this.#roles.set(process_key, roleIn(step));
  }

  onChildEnd(process_key: number, time_us: number, exit_code: number): void {
    this.#steps.childEnded(process_key, time_us, exit_code);
  }

  onFlush(job: number): void {
    const changed = this.#steps.takeChanged();
    const bound = this.#bound;
    const claims = this.#unstored;
    this.#bound = [];
    this.#unstored = [];
    this.#last = { bound, claims };
    this.#writer.apply((tables) => {
      this.#trail.store(job, tables);
      for (const step of changed)
        this.#rows.set(step.number, tables.steps.set(job, this.#rowOf(step)));
      for (const { process_key, environment, step } of bound) {
        const row = step ? (this.#rows.get(step.number) ?? null) : null;
        tables.steps.bind(job, process_key, environment, row);
      }
      for (const claim of claims) tables.claims.set(job, claim);
      if (claims.length > 0) this.#rename(job, tables);
    });
  }
  /** What went into the batch that is being made. */
  #last: { readonly bound: readonly Bound[]; readonly claims: readonly Claim[] } = nothing;

  onNotStored(): void {
    this.#trail.notStored();
    this.#steps.changeAll();
    this.#bound = [...this.#last.bound, ...this.#bound];
    this.#unstored = [...this.#last.claims, ...this.#unstored];
  }

  #rename(job: number, { jobs }: Tables): void {
    const { values } = mergeIdentity([...this.#claims.values()]);
    const name = jobName(values);
    if (name === "" || name === this.#name) return;
    this.#name = name;
    jobs.rename(job, name, "Runner.Worker");
  }

  #claim(claims: readonly Claim[]): void {
    for (const claim of claims) {
      const key = `${claim.field} ${claim.source}`;
      if (this.#claims.get(key)?.value === claim.value) continue;
      this.#claims.set(key, claim);
      this.#unstored.push(claim);
    }
  }

  #readMessage(): void {
    const log = workerLog(this.#job.worker.pid);
    this.#message = log === undefined ? undefined : parseJobMessage(log);
    if (!this.#message) return;
    this.#claim(claimsOfMessage(this.#message));
    this.#steps.learn({ message: this.#message });
  }

  /** Actions are loaded before the first step, and what a step writes into the log comes after. */
  #readCommits({ GITHUB_ACTION: action }: StepEnvironment): void {
    if (!action || this.#commits) return;
    this.#commits = resolvedActions(workerLog(this.#job.worker.pid) ?? "");
  }

  #rowOf(step: Step): StepRow {
    const uses = step.uses === null ? undefined : parseUses(step.uses);
    const repository = uses?.kind === "repository" ? uses.repository : "";
    return { ...step, commit_sha: this.#commits?.get(repository) ?? null };
  }

  /** The workflow's file is there after a checkout, and is what a job has made of it. */
  #readWorkflow(environment: StepEnvironment): void {
    const { GITHUB_WORKSPACE: workspace, GITHUB_WORKFLOW_REF: reference } = environment;
    if (this.#has_workflow || !this.#message || !workspace || !reference) return;
    // owner/name/.github/workflows/ci.yml@refs/heads/main
    const caller = reference.split("@")[0]?.split("/").slice(2).join("/") ?? "";
    const file = this.#message.called_workflow ?? caller;
    const key = environment.GITHUB_JOB ?? "";
    if (!isWorkflow(file)) return;
    const folder = hostPath(workspace, { work_folder: this.#work_folder });
    const text = hostileText(join(folder, file));
    const workflow = text === undefined ? undefined : parseWorkflowJob(text, key);
    if (!workflow) return;
    this.#has_workflow = true;
    this.#steps.learn({ workflow, file });
  }

  #readEvent({ GITHUB_EVENT_PATH: path }: StepEnvironment): void {
    if (!path || this.#has_event) return;
    this.#has_event = true;
    const text = hostileText(hostPath(path, { work_folder: this.#work_folder }));
    if (text !== undefined) this.#claim(claimsOfEvent(text));
  }
  #has_event = false;

  /** The script of a step lies where the Worker has just written it. */
  #scriptOf(args: readonly string[]): string | undefined {
    const folder = `${this.#work_folder}/_temp/`;
    const path = args
      .map((arg) => hostPath(arg, { work_folder: this.#work_folder }))
      .find((arg) => arg.startsWith(folder));
    return path === undefined ? undefined : hostileText(path)?.slice(0, mostScriptBytes);
  }
}

const isWorkflow = (path: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);

const mostRoles = 4096;

function roleIn(step: Step | undefined): WriterRole {
  if (!step || step.phase === "set_up") return "set_up";
  if (step.kind === "run") return "script";
  return step.kind === "unknown" ? "unknown" : "action";
}
