import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** A process outside of every job, for a job to do something to. */
export interface Outsider {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  readonly close: () => Promise<void>;
}

/**
 * @param command what it runs; it must live until it is ended
 * @param speaks whether it prints something when it is what it is meant to be
 */
export async function outsider(command: readonly string[], speaks = false): Promise<Outsider> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  await once(speaks ? child.stdout : child, speaks ? "data" : "spawn");
  return { pid: child.pid ?? 0, ended, close: () => close(child, ended) };
}

/** A process of a program of this name: a copy of `cat`, which lives until it is ended. */
export async function outsiderNamed(name: string): Promise<Outsider> {
  const folder = mkdtempSync(join(tmpdir(), "outsider-"));
  const path = join(folder, basename(name));
  copyFileSync("/bin/cat", path);
  const made = await outsider([path]);
  return {
    ...made,
    close: async () => {
      await made.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function close(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}
