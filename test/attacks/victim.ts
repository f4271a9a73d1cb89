import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiled } from "./programs.ts";

/** A process of no job that has a secret: in its memory, its environment and a descriptor. */
export interface Victim {
  readonly pid: number;
  /** Where in its memory the secret begins, as `0x…`. */
  readonly address: string;
  /** Of an open file that holds it. */
  readonly descriptor: string;
  end(): Promise<void>;
}

/** What a victim's secret looks like. */
export const secret = /hunter2/;

/** @param name of its program, which lies in a directory `bin` */
export async function startVictim(name: string): Promise<Victim> {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "victim-"));
  mkdirSync(join(directory, "bin"));
  const program = join(directory, "bin", name);
  copyFileSync(compiled("victim"), program);
  const child = spawn(program, [], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ACTIONS_RUNTIME_TOKEN: "hunter2" },
  });
  const [line] = await once(child.stdout, "data");
  const [address = "", descriptor = ""] = String(line).trim().split(" ");
  assert.match(address, /^0x/);
  return { pid: child.pid ?? 0, address, descriptor, end: () => end(child, directory) };
}

async function end(child: ChildProcess, directory: string): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  rmSync(directory, { recursive: true });
}
