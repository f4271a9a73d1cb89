import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync } from "node:fs";
import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

/** Process id, name and program, as the act is told. */
function described(pid: number): string[] {
  const comm = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  return [String(pid), comm, readlinkSync(`/proc/${pid}/exe`)];
}

/** A process outside of the job. */
async function stranger<T>(use: (words: string[]) => Promise<T>): Promise<T> {
  const child = spawn("cat", { stdio: "pipe", detached: true });
  try {
    await once(child, "spawn");
    return await use(described(child.pid ?? 0));
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

test("each call that signals a stranger is told; signals within the job are not", async () => {
  const recording = await stranger((words) => record(act("signal_sent", "calls", ...words)));

  assertTold(recording, "signal_sent");
});

test("a signal that came to a stranger by its group is told as such", async () => {
  const recording = await stranger((words) => record(act("signal_sent", "group", ...words)));

  assertTold(recording, "signal_sent");
});

test("a signal to the agent is told as such", async () => {
  const recording = await record(act("signal_sent", "agent", ...described(process.pid)));

  assertTold(recording, "signal_sent");
});

test("a signal that is refused is told, with who was meant", async () => {
  const recording = await stranger((words) => record(act("signal_sent", "refused", ...words)));

  assertTold(recording, "signal_sent");
});
