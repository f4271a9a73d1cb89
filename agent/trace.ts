import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { JobwardenError } from "../src/base/errors.ts";
import type { TraceRequest, TraceResult } from "../src/cli/context.ts";
import type { Finding } from "../src/engine/finding.ts";
import { cgroupRoot, makeJobCgroup, removeCgroup, sweepCgroups } from "./cgroup.ts";
import { launch } from "./launch.ts";
import { passSignals } from "./pass_signals.ts";
import type { CommandEnd, PipelineMessage, PipelineStart } from "./protocol.ts";
import { requireCommand } from "./require_command.ts";
import { requireTraceable } from "./requirements.ts";
import { usualRules } from "./rules.ts";

const nurseryMb = 8;

/** Runs a command as a job: see `Tracing.run`. */
export async function trace(
  { command, name, state_directory, rules_directory = usualRules }: TraceRequest,
  onFinding: (finding: Finding) => void,
): Promise<TraceResult> {
  requireTraceable();
  requireCommand(command[0], process.env["PATH"]);
  const ring_bytes = ringBytes(process.env["JOBWARDEN_RING_BYTES"]);
  const cgroup_root = cgroupRoot();
  sweepCgroups(cgroup_root);
  const group = makeJobCgroup(cgroup_root, groupName());
  try {
    const launched = await launch(group);
    try {
      const rules = { rules_directory: resolve(rules_directory) };
      const start = { state_directory, ...rules, cgroup_root, name, command, ring_bytes };
      const pipeline = await startPipeline({ ...start, cgroup_id: group.id }, onFinding);
      const stopPassing = passSignals(launched.child);
      launched.start(command);
      return await pipeline.end(await launched.ended).finally(stopPassing);
    } finally {
      launched.giveUp();
      await launched.ended;
    }
  } finally {
    removeCgroup(group); // stays while survivors are in it; a later run sweeps it
  }
}

/** Not by the process id alone: that is used again, and the group of an earlier one may be left. */
const groupName = (): string => `run-${process.pid}-${Date.now().toString(36)}`;

/**
 * What JOBWARDEN_RING_BYTES asks for: bytes of each ring, a power of two of at least a page. Small
 * rings lose events, which the record then says; large ones carry a longer flood.
 * @throws JobwardenError USAGE
 */
function ringBytes(text: string | undefined): Record<string, number> {
  if (!text) return {};
  const bytes = Number(text);
  const isPower = Number.isInteger(bytes) && bytes >= 4096 && Number.isInteger(Math.log2(bytes));
  if (isPower && bytes <= 2 ** 30) return { jw_rare: bytes, jw_bulk: bytes };
  throw new JobwardenError(
    "USAGE",
    `JOBWARDEN_RING_BYTES is ${text}, not a power of two from 4096 to ${2 ** 30}`,
  );
}

interface RunningPipeline {
  /** Tells that the command has ended; gives the result when everything is stored. */
  end(end: CommandEnd): Promise<TraceResult>;
}

/** Resolves when the job's control group is bound: what is executed in it from then on is traced. */
function startPipeline(
  start: PipelineStart,
  onFinding: (finding: Finding) => void,
): Promise<RunningPipeline> {
  const worker = new Worker(new URL("./pipeline_worker.ts", import.meta.url), {
    workerData: start,
    // New objects live for a batch only: a small nursery is as fast, and stays in the cache.
    resourceLimits: { maxYoungGenerationSizeMb: nurseryMb },
    // The worker's own output would mix with the command's.
    stdout: false,
  });
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<TraceResult>();
  ended.promise.catch(() => {}); // it is awaited only once the command has ended
  const fail = (error: unknown): void => {
    ready.reject(error);
    ended.reject(error);
  };
  worker.on("message", (message: PipelineMessage) => {
    if (message.type === "finding") return onFinding(message.finding);
    if (message.type === "ready") return ready.resolve();
    if (message.type === "ended") return ended.resolve(message.result);
    fail(new JobwardenError(message.code, message.message));
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the pipeline's thread ended before the job")));
  return ready.promise.then(() => ({
    end: (end) => {
      worker.postMessage(end);
      return ended.promise;
    },
  }));
}
