import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { judgeHookCall, type PeerRecord } from "../../src/jobs/hook_peer.ts";
import { python } from "../agent/harness.ts";
import { keyOf } from "./acts.ts";
import { type Recording, record } from "./record.ts";

const scripts = {
  started: resolve("installer/hooks/job-started.sh"),
  completed: resolve("installer/hooks/job-completed.sh"),
};

/** Stands for the Worker: starts the command without a shell, as the runner does. */
const worker = "import subprocess, sys; subprocess.run(sys.argv[1:])";

/** What the kernel recorded of the process that was the hook program in the end. */
function peerOf(recording: Recording): PeerRecord & { readonly pid: number } {
  const last = recording.of("process_exec").findLast(({ args }) => args.at(-1) === "completed");
  assert.ok(last);
  const { process_key, pid } = last;
  const fork = recording.of("process_fork").find(({ child_key }) => child_key === process_key);
  const execs = recording.of("process_exec").filter((exec) => exec.process_key === process_key);
  return {
    ...{ process_key, pid, execs, has_ended: false },
    parent_key: fork?.parent_key ?? 0,
    is_forked_by_worker: fork?.process_key === keyOf(recording, recording.pid),
  };
}

async function judged(...command: string[]) {
  const recording = await record([python, "-c", worker, ...command]);
  const { pid, ...peer } = peerOf(recording);
  const judgement = judgeHookCall({
    ...{ pid, asked: "completed", record: peer, scripts, is_shell_root_owned: true },
    program: resolve("native/build/hook"),
    worker_key: keyOf(recording, recording.pid),
  });
  return judgement.accepted ? "accepted" : judgement.reason;
}

for (const shell of ["bash", "sh"]) {
  test(`what the kernel records of the hook that ${shell} runs is what is accepted`, async () => {
    assert.equal(await judged(shell, "-e", scripts.completed), "accepted");
  });
}

test("what the kernel records of a step that calls the hook is refused, however it does", async () => {
  const { completed } = scripts;
  const becomes = await judged("bash", "-c", `exec bash -e ${completed}`);
  const below = await judged("bash", "-c", `bash -e ${completed}; :`);
  const program = await judged(resolve("native/build/hook"), "completed");

  assert.deepEqual([becomes, below, program], ["other_script", "not_a_child", "other_script"]);
});
