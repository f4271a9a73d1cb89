import { readFileSync } from "node:fs";
import type { Finding } from "../src/engine/finding.ts";
import type { EventNamed } from "../src/events/index.ts";
import { type HookName, hookNames } from "../src/jobs/hook_peer.ts";
import type { HookScripts } from "./daemon_protocol.ts";
import type { RunnerJob } from "./runner_job.ts";
import type { WorkerResult } from "./worker_result.ts";

const variables: Readonly<Record<HookName, string>> = {
  started: "ACTIONS_RUNNER_HOOK_JOB_STARTED",
  completed: "ACTIONS_RUNNER_HOOK_JOB_COMPLETED",
};

/**
 * Which of our hooks a Worker was told to run: by its own environment, which it has of its Listener
 * and which no step of its job has made. None when it has ended already.
 */
export function wiredHooks(worker_pid: number, scripts: HookScripts): ReadonlySet<HookName> {
  let block: Buffer;
  try {
    block = readFileSync(`/proc/${worker_pid}/environ`);
  } catch {
    return new Set(); // it has ended; then nobody knows
  }
  const wired = hookNames.filter((hook) =>
    `\0${block.toString("latin1")}`.includes(`\0${variables[hook]}=${latin1(scripts[hook])}\0`),
  );
  block.fill(0); // it holds what is nobody's business
  return new Set(wired);
}

const latin1 = (path: string): string => Buffer.from(path).toString("latin1");

/** Whether the runner has run our hooks in a job, and whether these have called. */
export class HookCalls {
  readonly #scripts: HookScripts;
  readonly #wired: ReadonlySet<HookName>;
  readonly #run = new Set<HookName>();
  readonly #called = new Set<HookName>();

  constructor(worker_pid: number, scripts: HookScripts) {
    this.#scripts = scripts;
    this.#wired = wiredHooks(worker_pid, scripts);
  }

  /** A program that a child of the Worker has executed. */
  see({ process_key, step_key, args }: EventNamed<"process_exec">): void {
    if (process_key !== step_key || args.length !== 3 || args[1] !== "-e") return;
    const hook = hookNames.find((name) => args[2] === this.#scripts[name]);
    if (hook) this.#run.add(hook);
  }

  /** A child of the Worker has called, whatever it was answered. */
  called(hook: HookName): void {
    this.#called.add(hook);
  }

  /**
   * What is missing when the Worker has ended, as sentences without a full stop. A runner that is shut
   * down runs no hook any more, and one whose set-up fails none at all: that is no news.
   * @param has_steps whether a step of the job has run
   */
  missed(job: RunnerJob, result: WorkerResult, has_steps: boolean): Missed[] {
    if (!has_steps) return [];
    return hookNames.flatMap((hook): Missed[] => {
      const isDue = hook === "started" ? !job.has_past : finished.has(result);
      if (!this.#wired.has(hook) || !isDue) return [];
      if (!this.#run.has(hook)) return [{ hook, what: "was not run by its Worker" }];
      // Another agent may have heard it.
      if (this.#called.has(hook) || job.is_resumed) return [];
      return [{ hook, what: "was run by its Worker, but did not call" }];
    });
  }
}

const finished: ReadonlySet<WorkerResult> = new Set([
  "succeeded",
  "succeeded_with_issues",
  "failed",
]);

export interface Missed {
  readonly hook: HookName;
  readonly what: string;
}

/** What is said of it: nothing happened that a signature could see, so the finding is made here. */
export function missedHook({ record, worker }: RunnerJob, { hook, what }: Missed): Finding {
  const known = record.tree.get(worker.process_key);
  const { process_key, pid, path, args } = known ?? { ...worker, path: "", args: [] };
  return {
    signature: "JW-105",
    formerly: [],
    title: "Job Hook Missing",
    severity: "info",
    behaviours: ["agent_tampering"],
    job: record.job,
    ...{ event_id: 0, event: "", time_us: Date.now() * 1000 },
    message: `The runner is told to call jobwarden's ${hook} hook; in this job it ${what}.`,
    evidence: { hook, what },
    process: { process_key, pid, path, args },
    ancestry: [],
    step: null,
    key: hook,
    why:
      hook === "started"
        ? "The job's log does not say whether it was traced. The record is as whole as it says."
        : "The findings of this job are not in its log, and could not fail it.",
  };
}
