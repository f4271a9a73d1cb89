import { readFileSync } from "node:fs";
import { arch } from "node:os";
import { join, resolve } from "node:path";
import { messageType, receive } from "../channel.ts";
import { githubContext } from "../github_context.ts";
import type { JobMessage } from "../job_message.ts";
import { startTimeOf } from "../processes.ts";
import { cancelChildren } from "./invoke.ts";
import { playJob, type Result, results } from "./job.ts";
import { JobLog } from "./job_log.ts";
import { type Folders, foldersOf, type Session } from "./session.ts";
import { maskOf, TraceLog } from "./trace_log.ts";
import { Truth } from "./truth.ts";

/**
 * The program `Runner.Worker`: gets one job through a pipe, plays it, and tells its result with its
 * exit code. `arguments_` is what follows the program's name: `spawnclient <fd out> <fd in>`.
 */
export function main(arguments_: readonly string[]): void {
  const [word, input, output] = arguments_;
  if (word !== "spawnclient" || input === undefined || output === undefined) {
    process.exit(1);
  }
  let session: Session | undefined;
  const channel = receive(Number(input), (type, text) => {
    if (type === messageType.newJobRequest) {
      const message = JSON.parse(text) as JobMessage;
      session = open(message);
      channel.unref(); // when the Listener dies, the job goes on
      void play(session, message);
      return;
    }
    if (session) void cancel(session);
  });
}

async function play(session: Session, message: JobMessage): Promise<void> {
  begin(session, message);
  const result = await playJob(session);
  finish(session, result);
}

async function cancel(session: Session): Promise<void> {
  session.trace.info("JobRunner", "Cancellation request received.");
  session.status.cancelled = true;
  await cancelChildren(session);
}

function open(message: JobMessage): Session {
  const { standIn } = message;
  const root = resolve(".."); // the Listener starts us in bin
  const mask = maskOf([...Object.values(standIn.secrets), standIn.token]);
  const folders = foldersOf(root, standIn.identity.repository);
  return {
    standIn,
    folders,
    mask,
    trace: new TraceLog(join(root, "_diag"), "Worker", mask),
    log: new JobLog(standIn.log, mask),
    truth: new Truth(standIn.truth),
    github: { ...githubContext(standIn) },
    runner: runnerContext(standIn.name, folders),
    env: {},
    path: [],
    status: { failed: false, cancelled: false },
    summaries: [],
    records: message.steps.map(({ id }) => id),
    instances: new Map(),
    children: new Set(),
    services: [],
    images: new Map(),
  };
}

const runnerContext = (name: string, folders: Folders) => ({
  os: "Linux",
  arch: arch() === "arm64" ? "ARM64" : "X64",
  name,
  environment: "self-hosted",
  tool_cache: folders.tools,
  temp: folders.temp,
  workspace: folders.pipeline,
});

function begin({ trace, truth, folders }: Session, { standIn, ...message }: JobMessage): void {
  const settings = readFileSync(join(folders.root, ".runner"), "utf8");
  trace.info("Worker", `Runner settings: ${settings.length} characters`);
  trace.info("Worker", `Job message:\n ${JSON.stringify(message, null, 2)}`);
  trace.info("JobRunner", `Job ID ${standIn.job_id}`);
  const { job, identity } = standIn;
  truth.line({
    type: "job",
    worker_pid: process.pid,
    worker_start_time: startTimeOf(process.pid),
    runner: standIn.name,
    root: folders.root,
    trace_log: trace.path,
    job_id: standIn.job_id,
    job_key: job.key,
    display_name: job.display_name,
    workflow: job.workflow_name,
    workflow_file: job.workflow_file,
    file: job.file,
    matrix: job.matrix,
    head_sha: headSha(identity.event_payload) ?? identity.sha,
    ...identity,
  });
}

/** The commit that a pull request shows, which is not the one that its jobs check out. */
function headSha(payload: Readonly<Record<string, unknown>>): string | undefined {
  const request = payload["pull_request"] as { head?: { sha?: string } } | undefined;
  return request?.head?.sha;
}

function finish({ trace, truth, summaries }: Session, result: Result): void {
  const exit_code = resultBase + results.indexOf(result);
  truth.line({ type: "result", result, exit_code, summaries });
  trace.info("Worker", "Job completed.");
  process.exit(exit_code);
}

const resultBase = 100;
