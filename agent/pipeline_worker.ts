/** The pipeline's thread: owns the tracer and the only writing connection to the database. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { JobwardenError } from "../src/base/errors.ts";
import { redactor } from "../src/base/redact.ts";
import type { Signature } from "../src/engine/signature.ts";
import { signatures } from "../src/signatures/index.ts";
import { Losses } from "../src/store/losses.ts";
import { openForWriting } from "../src/store/open.ts";
import { Writer } from "../src/store/writer.ts";
import { JobRecord } from "./job_record.ts";
import { type Kernel, openKernel } from "./kernel.ts";
import { Pipeline } from "./pipeline.ts";
import type { CommandEnd, PipelineMessage, PipelineStart } from "./protocol.ts";
import { redactionKey } from "./redaction_key.ts";
import { version } from "./version.ts";

/** How long a record may lie in a ring that is not filling. */
const lookEveryMs = 25;

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
  const redact = redactor(redactionKey(start.state_directory));
  const db = openForWriting(databasePath(start.state_directory));
  const kernel = openKernel({ cgroup_root: start.cgroup_root });
  try {
    const writer = new Writer(db, agent());
    const started_us = Date.now() * 1000;
    const job = writer.startJob({
      name: start.name,
      kind: "run",
      command: redact(start.command).join(" "),
      started_us,
    });
    const record = new JobRecord({
      job,
      writer,
      signatures: signatures as readonly Signature[],
      redact,
    });
    const pipeline = new Pipeline(kernel.tracer, writer);
    pipeline.add(record);
    bindCgroup(kernel, start.cgroup_id, job);
    post({ type: "ready", job });

    const end = follow(pipeline, port, post);
    pipeline.storeLosses(job);
    const survivors = pipeline.living(job);
    const losses = new Losses(db).ofJob(job);
    const ended_us = Date.now() * 1000;
    writer.endJob(job, { ...end, ended_us, complete: losses.length === 0, survivors });
    post({
      type: "ended",
      result: {
        ...{ job, ...end, started_us, ended_us, losses, survivors },
        unseen: unseenOn(kernel),
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
  port: MessagePort,
  post: (message: PipelineMessage) => void,
): CommandEnd {
  for (;;) {
    // The message is looked for first: all that the command did is then in the rings.
    const message = receiveMessageOnPort(port);
    while (pipeline.turn((finding) => post({ type: "finding", finding }))) {}
    if (message) return message.message as CommandEnd;
    pipeline.wait(lookEveryMs);
  }
}

function bindCgroup({ tracer }: Kernel, cgroup_id: bigint, job: number): void {
  const key = Buffer.alloc(8);
  key.writeBigUInt64LE(cgroup_id);
  const value = Buffer.alloc(4);
  value.writeUInt32LE(job);
  tracer.mapSet("jw_cgroups", key, value);
}

const unseenOn = ({ seen }: Kernel): string[] =>
  seen
    .filter(({ hooks }) => hooks.length === 0)
    .map(({ definition, refused }) => `${definition.name} (${refused.join("; ")})`);

/** Of the whole process: the traced command is a child, whose cost the kernel keeps apart. */
function ownCost(): { agent_cpu_us: number; agent_max_rss_kib: number } {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { agent_cpu_us: userCPUTime + systemCPUTime, agent_max_rss_kib: maxRSS };
}

const agent = () => ({
  host: hostname(),
  boot_id: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
  agent_pid: process.pid,
  version,
});

/** Where the database of a state directory is. */
export const databasePath = (state_directory: string): string =>
  join(state_directory, "jobwarden.db");

if (parentPort) main(parentPort, workerData as PipelineStart);
