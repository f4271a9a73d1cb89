import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { type FoundRunners, findRunners, type RunnerPlaces } from "../../agent/runners.ts";

/** A place for runners and units of one test, removed when it ends. */
export function place(t: TestContext): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "jobwarden-runners-")));
  chmodSync(directory, 0o755); // other users start Listeners in it
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export const record = {
  agentId: 7,
  agentName: "one",
  gitHubUrl: "https://github.com/octo/app",
  workFolder: "_work",
};

/** A directory as `config.sh` leaves it, but for the programs. */
export function makeRunner(root: string, fields: object = {}): string {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, ".runner"), `\ufeff${JSON.stringify({ ...record, ...fields })}`);
  return root;
}

export interface ListenerOptions {
  readonly directory?: string;
  readonly uid?: number;
}

/** Starts a real program under the Listener's name; it lives until the test ends it. */
export async function startListener(
  t: TestContext,
  root: string,
  { directory = "bin", uid = 0 }: ListenerOptions = {},
): Promise<ChildProcess & { readonly pid: number }> {
  const program = join(root, directory, "Runner.Listener");
  mkdirSync(dirname(program), { recursive: true });
  // One that runs cannot be written again.
  if (!existsSync(program)) copyFileSync(realpathSync("/usr/bin/sleep"), program);
  const listener = spawn(program, ["600"], { argv0: "sleep", uid, stdio: "ignore" });
  t.after(() => end(listener));
  await once(listener, "spawn");
  assert.ok(listener.pid);
  return Object.assign(listener, { pid: listener.pid });
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** What is found below `directory`: other tests may run Listeners of their own. */
export function findBelow(directory: string, places: Partial<RunnerPlaces> = {}): FoundRunners {
  const { runners, problems } = findRunners({ ...onlyBelow(directory), ...places });
  return {
    runners: runners.filter(({ root }) => root.includes(directory)),
    problems: problems.filter(({ path }) => path.includes(directory)),
  };
}

export const onlyBelow = (directory: string): RunnerPlaces => ({
  roots: [],
  unit_directories: [join(directory, "etc"), join(directory, "run"), join(directory, "lib")],
});

/** Writes a unit, or a drop-in, into one of the directories of `onlyBelow`. */
export function writeUnit(directory: string, name: string, lines: readonly string[]): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `[Service]\n${lines.join("\n")}\n`);
  return path;
}
