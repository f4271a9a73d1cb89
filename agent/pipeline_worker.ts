/** The pipeline's thread: owns the tracer and the only writing connection to the database. */
import { statSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { JobwardenError } from "../src/base/errors.ts";
import { redactor } from "../src/base/redact.ts";
import type { Loss } from "../src/cli/context.ts";
import type { Signature } from "../src/engine/signature.ts";
import { signatures } from "../src/signatures/index.ts";
import type { RefusedRule } from "../src/signatures/user_rules.ts";
import { Losses } from "../src/store/losses.ts";
import { openForWriting } from "../src/store/open.ts";
import { Writer } from "../src/store/writer.ts";
import { BatchWriter } from "./batch_writer.ts";
import { dockerNotices } from "./docker.ts";
import { endInterrupted } from "./interrupted.ts";
import { bindCgroup } from "./job_group.ts";
import { JobRecord } from "./job_record.ts";
import { type Kernel, openKernel } from "./kernel.ts";
import { bootId, hostName } from "./machine.ts";
import { Pipeline } from "./pipeline.ts";
import type { CommandEnd, PipelineMessage, PipelineStart } from "./protocol.ts";
import { redactionKey } from "./redaction_key.ts";
import { loadRules } from "./rules.ts";
import { unseenOn } from "./unseen.ts";
import { version } from "./version.ts";

/** How long a record may lie in a ring that is not filling. */
const lookEveryMs = 25;
/** Above what the job runs with, so that a job which takes all processors does not outrun us. */
const niceness = -10;
/** A batch smaller than this is followed by a wait, so that the next one is larger. */
const worthwhileBytes = 512 << 10;

function main(port: MessagePort, start: PipelineStart): void {
  const post = (message: PipelineMessage): void => port.postMessage(message);
  try {
    trace(port, start, post);
  } catch (error) {
    if (!(error instanceof JobwardenError)) throw error;
    post({ type: "failed", code: error.code, message: error.message });
  }
}

function trace(
  port: MessagePort,
  start: PipelineStart,
  post: (message: PipelineMessage) => void,
): void {
  setPriority(niceness); // of this thread only; the command is a child of the other one
  const rules = loadRules(start.rules_directory);
  const redact = redactor(redactionKey(start.state_directory));
  const path = databasePath(start.state_directory);
  const db = openForWriting(path);
  const opened = identityOf(path);
  const kernel = openKernel({ ...start, leave_out: dockerNotices });
  try {
    const store = new Writer(db, agent());
    endInterrupted(db, store);
    const started_us = Date.now() * 1000;
    const job = store.startJob({
      name: start.name,
      kind: "run",
      command: redact(start.command).join(" "),
      started_us,
    });
    const writer = new BatchWriter(store);
    const record = new JobRecord({
      kernel_job: job,
      job,
      writer,
      signatures: [...(signatures as readonly Signature[]), ...rules.signatures],
      redact,
    });
    const pipeline = new Pipeline(kernel.tracer, writer);
    pipeline.add(record);
    bindCgroup(kernel.tracer, start.cgroup_id, job);
    post({ type: "ready", job });

    const end = follow(pipeline, kernel, port, post);
    const survivors = pipeline.living(record).length;
    const ended_us = Date.now() * 1000;
    let losses: readonly Loss[] = [];
    pipeline.end(record, () => {
      losses = new Losses(db).ofJob(job);
      writer.endJob(job, { ...end, ended_us, complete: losses.length === 0, survivors });
    });
    if (identityOf(path) !== opened) {
      throw new JobwardenError(
        "STORE_MISSING",
        `${path} was removed or replaced while job ${job} ran; what was recorded of it is gone`,
      );
    }
    post({
      type: "ended",
      result: {
        ...{ job, ...end, started_us, ended_us, losses, survivors },
        unseen: unseenOn(kernel),
        troubles: [...troublesOf(pipeline, record), ...rules.refused.map(refusedText)],
        processes: record.tree.total,
        events: record.events,
        findings: record.findings,
        ...ownCost(),
      },
    });
  } finally {
    kernel.tracer.close();
    db.close();
  }
}

/** Moves batches until the command has ended and the rings are empty. */
function follow(
  pipeline: Pipeline,
  { tracer }: Kernel,
  port: MessagePort,
  post: (message: PipelineMessage) => void,
): CommandEnd {
  const turn = (): number => pipeline.turn((finding) => post({ type: "finding", finding }));
  for (;;) {
    const message = receiveMessageOnPort(port);
    if (message) {
      // All that the command did is in the rings. What it left behind could fill them for ever.
      tracer.detach();
      while (turn() > 0) {}
      return message.message as CommandEnd;
    }
    // A transaction costs the same for few events as for many.
    if (turn() < worthwhileBytes) pipeline.wait(lookEveryMs);
  }
}

/** Which file a path names now; a job that is root may have put another one there. */
const identityOf = (path: string): bigint | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

const refusedText = ({ path, why }: RefusedRule): string => `a rule is not used: ${path}: ${why}`;

function troublesOf({ trouble }: Pipeline, { engine }: JobRecord): string[] {
  const problems = engine.problems.map(({ message }) => message);
  const { suppressed } = engine;
  const many = suppressed > 0 ? [`${suppressed} more matches made no finding of their own`] : [];
  return [...(trouble === undefined ? [] : [trouble]), ...problems, ...many];
}

/** Of the whole process: the traced command is a child, whose cost the kernel keeps apart. */
function ownCost(): { agent_cpu_us: number; agent_max_rss_kib: number } {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { agent_cpu_us: userCPUTime + systemCPUTime, agent_max_rss_kib: maxRSS };
}

const agent = () => ({
  host: hostName(),
  boot_id: bootId(),
  agent_pid: process.pid,
  version,
});

/** Where the database of a state directory is. */
export const databasePath = (state_directory: string): string =>
  join(state_directory, "jobwarden.db");

if (parentPort) main(parentPort, workerData as PipelineStart);
