import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { JobwardenError } from "../src/base/errors.ts";
import type { JobCgroup } from "./cgroup.ts";
import { startMessage } from "./launch_message.ts";
import type { CommandEnd } from "./protocol.ts";

/** A process in the job's control group that waits to become the command. */
export interface Launched {
  /** Has the pid of the command. */
  readonly child: ChildProcess;
  /** When the command has ended, or was given up. */
  readonly ended: Promise<CommandEnd>;
  /** Lets it become the command. */
  start(command: readonly string[]): void;
  /** Lets it end without having become anything; nothing happens when it has started. */
  giveUp(): void;
}

const launcherPath = new URL("../native/build/launch", import.meta.url).pathname;

/** What a shell adds to the number of the signal that ended a command. */
const signalExit = 128;

/**
 * Starts the process that will be the command, and puts it into the group. This must happen before
 * the group is traced, so that the first thing that is recorded is the command itself.
 * @throws JobwardenError LAUNCH_FAILED, CGROUP_DENIED
 */
export async function launch(group: JobCgroup): Promise<Launched> {
  if (!existsSync(launcherPath)) throw failed(`${launcherPath} is missing; run set-up again`);
  const child = await spawned();
  const ended = new Promise<CommandEnd>((resolve) => {
    child.on("exit", (code, signal) => resolve(endOf(code, signal)));
  });
  const channel = child.stdio[3] as Writable; // made by `pipe` below
  // It was killed before it read all: then it has ended, which is told there.
  channel.on("error", () => {});
  const giveUp = (): void => void channel.destroy();
  try {
    writeFileSync(join(group.path, "cgroup.procs"), String(child.pid));
  } catch (cause) {
    giveUp();
    await ended;
    throw new JobwardenError("CGROUP_DENIED", `${group.path} cannot be entered: ${cause}`, {
      cause,
    });
  }
  return { child, ended, giveUp, start: (command) => void channel.end(startMessage(command)) };
}

function spawned(): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: unknown): void =>
      reject(failed(`no process can be started: ${cause}`, { cause }));
    try {
      const child = spawn(launcherPath, { stdio: ["inherit", "inherit", "inherit", "pipe"] });
      child.on("spawn", () => resolve(child));
      child.on("error", refuse);
    } catch (cause) {
      refuse(cause); // E2BIG, for one, is thrown and not sent
    }
  });
}

const failed = (message: string, options?: ErrorOptions): JobwardenError =>
  new JobwardenError("LAUNCH_FAILED", message, options);

const endOf = (code: number | null, signal: NodeJS.Signals | null): CommandEnd => ({
  exit_code: signal ? signalExit + constants.signals[signal] : (code ?? 0),
  signal,
});
