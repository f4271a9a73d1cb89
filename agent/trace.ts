import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { Worker } from "node:worker_threads";
import { JobwardenError } from "../src/base/errors.ts";
import type { TraceRequest, TraceResult } from "../src/cli/context.ts";
import type { Finding } from "../src/engine/finding.ts";
import { cgroupRoot, type JobCgroup, makeJobCgroup, removeCgroup, sweepCgroups } from "./cgroup.ts";
import { launcher, requireCommand } from "./launch.ts";
import type { CommandEnd, PipelineMessage, PipelineStart } from "./protocol.ts";
import { requireTraceable } from "./requirements.ts";

/** What a shell adds to the number of the signal that ended a command. */
const signalExit = 128;

/** Signals that are passed on to the command. A terminal sends the first two to it by itself. */
const fromTerminal: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
const passedOn: readonly NodeJS.Signals[] = [...fromTerminal, "SIGTERM", "SIGHUP", "SIGUSR2"];

/** Runs a command as a job: see `Tracing.run`. */
export async function trace(
  { command, name, state_directory }: TraceRequest,
  onFinding: (finding: Finding) => void,
): Promise<TraceResult> {
  requireTraceable();
  requireCommand(command[0], process.env["PATH"] ?? "");
  const cgroup_root = cgroupRoot();
  sweepCgroups(cgroup_root);
  const group = makeJobCgroup(cgroup_root, `run-${process.pid}`);
  try {
    const start = { state_directory, cgroup_root, name, command, cgroup_id: group.id };
    const pipeline = await startPipeline(start, onFinding);
    const end = await runCommand(group, command);
    return await pipeline.end(end);
  } finally {
    removeCgroup(group); // stays while survivors are in it; the next run sweeps it
  }
}

interface RunningPipeline {
  /** Tells that the command has ended; gives the result when everything is stored. */
  end(end: CommandEnd): Promise<TraceResult>;
}

/** Resolves when the job's control group is bound: what enters it from then on is traced. */
function startPipeline(
  start: PipelineStart,
  onFinding: (finding: Finding) => void,
): Promise<RunningPipeline> {
  const worker = new Worker(new URL("./pipeline_worker.ts", import.meta.url), {
    workerData: start,
    // The worker's own output would mix with the command's.
    stdout: false,
  });
  return new Promise((resolve, reject) => {
    let finish: (result: TraceResult) => void = () => {};
    let fail: (error: unknown) => void = reject;
    const ended = new Promise<TraceResult>((resolve, reject) => {
      finish = resolve;
      fail = (error) => {
        reject(error);
        refuse(error);
      };
    });
    const refuse = reject;
    ended.catch(() => {}); // it is awaited only once the command has ended
    worker.on("message", (message: PipelineMessage) => {
      if (message.type === "finding") return onFinding(message.finding);
      if (message.type === "ended") return finish(message.result);
      if (message.type === "failed") return fail(new JobwardenError(message.code, message.message));
      return resolve({
        end: (end) => {
          worker.postMessage(end);
          return ended;
        },
      });
    });
    worker.on("error", (error) => fail(error));
    worker.on("exit", () => fail(new Error("the pipeline's thread ended before the job")));
  });
}

function runCommand(group: JobCgroup, command: readonly string[]): Promise<CommandEnd> {
  const [file, args] = launcher(group, command);
  const child = spawn(file, args, { stdio: "inherit" });
  const stopPassing = passSignals(child);
  return new Promise<CommandEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      resolve({
        exit_code: signal ? signalExit + constants.signals[signal] : (code ?? 0),
        signal,
      }),
    );
  }).finally(stopPassing);
}

/** Passes signals on to the command, which decides by itself whether to end. */
function passSignals(child: ChildProcess): () => void {
  const listeners = passedOn.map((signal) => {
    const hasIt = fromTerminal.includes(signal) && isatty(0);
    const listener = (): void => {
      if (!hasIt) child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}
