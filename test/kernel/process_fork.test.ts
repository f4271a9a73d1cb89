import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { cgroupRoot, makeJobCgroup, removeCgroup } from "../../agent/cgroup.ts";
import { act, assertRecorded, facts, keyOf } from "./acts.ts";
import { type Recording, record } from "./record.ts";

/** The facts, with what an act cannot know: keys and control groups. */
function told(recording: Recording, cgroup = recording.group) {
  return facts(recording, "process_fork").map((fact) => ({
    ...fact,
    child_key: keyOf(recording, Number(fact["child_pid"])),
    parent_key: keyOf(recording, Number(fact["parent_pid"])),
    cgroup_id: Number(cgroup.id),
  }));
}

/** The children's own records must have the keys that the forks gave them. */
function assertChildren(recording: Recording): void {
  const forks = recording.of("process_fork");
  const exits = new Map(recording.of("process_exit").map((exit) => [exit.thread_id, exit]));
  for (const { child_pid, child_key } of forks) {
    assert.equal(exits.get(child_pid)?.process_key, child_key);
  }
  const keys = new Set(forks.map(({ child_key }) => child_key));
  assert.equal(keys.size, forks.length);
  assert.ok(!keys.has(keyOf(recording, recording.pid)));
}

test("each call that makes a process is told; a thread and a failed call are not", async () => {
  const recording = await record(act("process_fork", "calls"));

  assertRecorded(recording, "process_fork", told(recording));
  assertChildren(recording);
});

test("a child made with CLONE_PARENT is its creator's sibling", async () => {
  const recording = await record(act("process_fork", "sibling"));

  // The child tells first, of what came second.
  assertRecorded(recording, "process_fork", told(recording).reverse());
  assertChildren(recording);
});

test("a child that starts in another group stays in the job of its parent", async (t) => {
  const elsewhere = makeJobCgroup(cgroupRoot(), `elsewhere-${process.pid}`);
  t.after(() => assert.ok(removeCgroup(elsewhere)));

  const recording = await record(act("process_fork", "into_group", elsewhere.path));

  assertRecorded(recording, "process_fork", told(recording, elsewhere));
  assertChildren(recording);
});

test("a child that a stranger starts in the job's group is the job's, without a parent", async () => {
  let line = "";
  const recording = await record(["/bin/cat"], {
    meanwhile: ({ group }) => {
      const [file = "", ...args] = act("process_fork", "into_group", group.path);
      line = execFileSync(file, args, { encoding: "utf8" });
    },
  });

  const { child_pid, clone_flags } = JSON.parse(line);
  const child_key = keyOf(recording, child_pid);
  const cgroup_id = Number(recording.group.id);
  const [fork] = recording.of("process_fork");
  assert.equal(fork?.process_key, child_key);
  assertRecorded(recording, "process_fork", [
    {
      ...{ child_key, child_pid, clone_flags, cgroup_id, parent_key: 0, parent_pid: 0 },
      ...{ process: child_pid, thread_id: JSON.parse(line).process },
    },
  ]);
});

test("the parent of a child is not named when it is in no job", async () => {
  let line = "";
  const recording = await record(["/bin/cat"], {
    meanwhile: ({ group }) => {
      const procs = join(group.path, "cgroup.procs");
      const [file = "", ...args] = act("process_fork", "enter_and_fork", procs);
      line = execFileSync(file, args, { encoding: "utf8" });
    },
  });

  const { child, other } = JSON.parse(line);
  assertRecorded(recording, "process_fork", [
    {
      ...{ process: child, child_pid: other, child_key: keyOf(recording, other) },
      ...{ parent_key: 0, parent_pid: 0, cgroup_id: Number(recording.group.id) },
      clone_flags: 0x8000, // CLONE_PARENT
    },
  ]);
});
