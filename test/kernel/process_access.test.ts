import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { u32 } from "../../agent/kernel.ts";
import { act, assertRecorded, facts, keyOf } from "./acts.ts";
import { drainAll, openTracer, type Recording, record, recordWith } from "./record.ts";

/** What one kind of record says when an act has nothing to say about it. */
const usual = { target_role: "none", registered: "no", other_mounts: "no" };

/** As `assertTold`; keys and times of other processes are known from their forks. */
function assertAccess(recording: Recording): void {
  const told = facts(recording, "process_access");
  assert.ok(told.length > 0);
  const forks = recording.of("process_fork");
  const events = recording.of("process_access");
  const expected = told.map(({ target_pid, ...fact }, i) => {
    const isOutside = fact["relation"] === "outside";
    const pid = Number(target_pid);
    const target_key = isOutside ? 0 : keyOf(recording, pid);
    const started = events[i]?.target_started_us ?? 0;
    const fork = forks.find(({ child_pid }) => child_pid === pid)?.time_us;
    if (fork !== undefined) assert.ok(Math.abs(fork - started) < aMoment, `forked at ${started}`);
    const process = fact["relation"] === "ancestor" || fact["relation"] === "job";
    const reader = process ? { process: forks.at(-1)?.child_pid } : {};
    return {
      ...usual,
      ...reader,
      target_key,
      target_started_us: started,
      target_pid: pid,
      ...fact,
    };
  });
  assertRecorded(recording, "process_access", expected);
}
/** Microseconds between the making of a process and the record of it. */
const aMoment = 1_000_000;

for (const [part, what] of [
  ["requests", "each request of ptrace that reads, writes, begins or ends is told, once"],
  ["transfers", "reads, writes and thefts of descriptors without ptrace are told"],
  ["files", "what is opened of another process in procfs is told as what it is"],
  ["behind", "what is opened through another process's links is told by the name that was given"],
  ["names", "an opened file of another process is recognised by whatever name"],
  ["relatives", "a parent, and another process of the job, are told as what they are"],
  ["refused", "what was not permitted is told with the reason"],
  ["twice", "what a process does again after an exec is told again"],
] as const) {
  test(what, async () => assertAccess(await record(act("access", part))));
}

test("a process's own memory, and memory that it shares, is no access", async () => {
  const recording = await record(act("access", "own"));

  assert.equal(recording.stderr, "");
  assert.equal(recording.exit_code, 0);
  assert.deepEqual(recording.of("process_access"), []);
});

test("what found no room in the ring is told when it is done again, once", async () => {
  const recording = await record(act("access", "again"), {
    ring_bytes: { jw_rare: 4096 },
    meanwhile: async ({ tracer, printed, write }) => {
      await printed("full");
      drainAll(tracer);
      write("\n");
    },
  });

  assert.equal(recording.stderr, "");
  assert.equal(recording.losses.get(20), 1);
  assert.equal(recording.of("process_access").length, 1);
});

test("a process is found by the number that its own pid namespace gives it", async () => {
  const recording = await record(act("access", "inside"));

  assert.equal(recording.stderr, "");
  const pids = recording.of("process_access").map(({ target_pid }) => target_pid);
  assert.deepEqual(pids, [recording.of("process_fork").at(-1)?.child_pid]);
});

/** A program of no job that does nothing; and where it is. */
function outsider(t: TestContext, name: string): { pid: number; root: string } {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "outside-"));
  mkdirSync(join(directory, "bin"));
  const program = join(directory, "bin", name);
  copyFileSync("/bin/sleep", program);
  const child = spawn(program, ["60"], { stdio: "ignore" });
  t.after(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
    rmSync(directory, { recursive: true });
  });
  return { pid: child.pid ?? 0, root: directory };
}

for (const [name, target_role] of [
  ["Runner.Worker", "worker"],
  ["Runner.Listener", "listener"],
  ["Runner.Other", "none"],
] as const) {
  test(`${name} of no job is told as ${target_role}`, async (t) => {
    const recording = await record(act("access", "outside", String(outsider(t, name).pid), name));

    const roles = recording.of("process_access").map((event) => event.target_role);
    assert.deepEqual(roles, [target_role, target_role]);
    assertAccess({
      ...recording,
      stdout: recording.stdout.replaceAll(
        '"relation"',
        `"target_role":"${target_role}","relation"`,
      ),
    });
  });
}

test("a runner that the agent knows is told as such", async (t) => {
  const tracer = openTracer();
  t.after(() => tracer.close());
  const { pid, root } = outsider(t, "Runner.Worker");
  const { ino, dev } = statSync(root);
  const key = Buffer.alloc(16);
  key.writeBigUInt64LE(BigInt(ino), 0);
  // From the encoding of stat, whose numbers are small here, to the kernel's.
  key.writeUInt32LE(((dev >> 8) << 20) | (dev & 0xff), 8);
  tracer.mapSet("jw_runner_roots", key, u32(1));

  const recording = await recordWith(
    tracer,
    act("access", "outside", String(pid), "Runner.Worker"),
  );

  const known = recording.of("process_access").map(({ registered }) => registered);
  assert.deepEqual(known, ["yes", "yes"]);
});
