import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Database } from "better-sqlite3";
import type { Peer } from "../native/index.ts";
import type { Log } from "../src/base/log.ts";
import type { Severity } from "../src/engine/severity.ts";
import { type HookName, judgeHookCall } from "../src/jobs/hook_peer.ts";
import { completedText, notTracedText, refusedText, startedText } from "../src/report/hook_text.ts";
import { type JobReport, verdict } from "../src/report/job_report.ts";
import { jobSummary } from "../src/report/job_summary.ts";
import { begunBeforeText } from "../src/report/loss_text.ts";
import { beforeTracing } from "../src/store/losses.ts";
import { Reader } from "../src/store/reader.ts";
import type { HookScripts } from "./daemon_protocol.ts";
import type { HookAnswer } from "./hook_jobs.ts";
import { isRootOwned } from "./root_owned.ts";
import type { RunnerJob } from "./runner_job.ts";
import type { RunnerJobs } from "./runner_jobs.ts";

export interface HookAnswersOptions {
  readonly db: Database;
  readonly jobs: RunnerJobs;
  readonly scripts: HookScripts;
  readonly unseen: readonly string[];
  readonly log: Log;
  /** Called for a call that is refused, in whose job it was made. */
  readonly onForged: (job: RunnerJob | undefined, pid: number, why: string) => void;
}

/** Answers the hooks of runners, from what the kernel recorded of who asks. */
export class HookAnswers {
  readonly #options: HookAnswersOptions;
  readonly #reader: Reader;
  /** What our scripts become. */
  readonly #program = realpathSync(resolve(import.meta.dirname, "../native/build/hook"));
  fail_on: Severity | "never";

  constructor(options: HookAnswersOptions, fail_on: Severity | "never") {
    this.#options = options;
    this.#reader = new Reader(options.db);
    this.fail_on = fail_on;
  }

  /** After all that was recorded until now has been taken in and stored. */
  answer(hook: HookName, peer: Peer): HookAnswer {
    const { jobs, scripts, log, onForged } = this.#options;
    const job = jobs.all.find((one) => one.childOf(peer.pid));
    job?.listener?.onHookCall(hook);
    const record = job?.peer(peer.pid);
    const judgement = judgeHookCall({
      pid: peer.pid,
      asked: hook,
      record,
      worker_key: job?.worker.process_key,
      scripts,
      program: this.#program,
      is_shell_root_owned: isRootOwned(record?.execs[0]?.path ?? ""),
    });
    if (!judgement.accepted) {
      log.debug({ peer, hook, why: judgement.text }, "A call of a hook was refused.");
      const owner = job ?? jobs.ofProcess(peer.pid);
      onForged(owner, peer.pid, judgement.text);
      // The runner's own call through a shell that the job has put in the place of the host's: what
      // the job was found to do counts all the same.
      if (job && hook === "completed" && record?.execs[0]?.args.at(-1) === scripts.completed) {
        return this.#completed(job, [judgement.text]);
      }
      // A Worker that runs our script and is of no known job: its job is not traced, and that is all.
      const isNobody = owner === undefined && judgement.reason === "not_recorded";
      return { exit: 0, text: (isNobody ? notTracedText : refusedText)(judgement.text) };
    }
    if (!job) return { exit: 0, text: notTracedText("its Worker is not known") };
    const notes = judgement.notes.map(() => "the shell of the hook is not only root's to change");
    return hook === "started" ? this.#started(job, notes) : this.#completed(job, notes);
  }

  #started(job: RunnerJob, notes: readonly string[]): HookAnswer {
    const { job: id } = job.record;
    const losses = this.#reader.losses(this.#reader.job(id));
    const isLate = losses.some(({ kind }) => kind === beforeTracing);
    const troubles = [...(isLate ? [begunBeforeText] : []), ...job.troubles, ...notes];
    const text = startedText({ job: id, unseen: this.#options.unseen, troubles });
    return { exit: 0, text };
  }

  #completed(job: RunnerJob, notes: readonly string[]): HookAnswer {
    const report = this.#report(job, notes);
    const { exit } = verdict(report);
    return { exit, text: completedText(report), summary: jobSummary(report) };
  }

  #report({ record, troubles }: RunnerJob, notes: readonly string[]): JobReport {
    const { jobs, unseen } = this.#options;
    const job = this.#reader.job(record.job);
    const said = new Map(
      this.#reader
        .claims(job)
        .toReversed()
        .map(({ field, value }) => [field, value]),
    );
    return {
      job: job.id,
      name: job.name,
      repository: said.get("repository") ?? null,
      workflow: said.get("workflow") ?? null,
      job_name: said.get("display_name") ?? said.get("job_key") ?? null,
      findings: this.#reader.findings({ job: job.id }).map(({ finding, ...stored }) => {
        const { count, place, action } = stored;
        return { ...finding, count, place, action, step_text: finding.step };
      }),
      losses: this.#reader.losses(job),
      unseen,
      troubles: [...troubles, ...notes],
      processes: record.tree.total,
      events: record.events,
      // The Worker and the hook itself are none.
      survivors: Math.max(0, jobs.pipeline.living(record).length - 2),
      fail_on: this.fail_on,
    };
  }
}
