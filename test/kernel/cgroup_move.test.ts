import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cgroupRoot, makeJobCgroup, removeCgroup } from "../../agent/cgroup.ts";
import { u32 } from "../../agent/kernel.ts";
import { act, assertRecorded, facts, keyOf } from "./acts.ts";
import { job, openTracer, type Running, record, u64 } from "./record.ts";

const root = cgroupRoot();

test("a task that leaves its job's group stays in the job, and each move is told", async (t) => {
  const elsewhere = makeJobCgroup(root, `outside-${process.pid}`);
  t.after(() => assert.ok(removeCgroup(elsewhere)));

  const recording = await record((group) =>
    act("cgroup_move", "around", root, group.path, elsewhere.path),
  );

  const told = facts(recording, "cgroup_move").map((fact) => ({
    ...fact,
    moved_key: keyOf(recording, Number(fact["moved_pid"])),
  }));
  assertRecorded(recording, "cgroup_move", told);
  const [last] = facts(recording, "file_open");
  assert.equal(recording.of("file_open").at(-1)?.path, last?.["path"]);
});

test("the process that is put into the job's group comes to the job by that", async () => {
  const recording = await record(["/bin/true"]);

  const [move, ...more] = recording.launch.filter(({ event }) => event === "cgroup_move");
  const { size, time_us, ...rest } = move ?? assert.fail();
  const key = recording.of("process_exec")[0]?.process_key ?? 0;
  assert.deepEqual(more, []);
  assert.deepEqual(rest, {
    ...{ event: "cgroup_move", event_id: 19, flags: 0, job, joined: "yes" },
    ...{ process_key: key, moved_key: key, thread_id: recording.pid, moved_pid: recording.pid },
    ...{ cgroup_id: Number(recording.group.id) },
    ...{ cgroup_path: recording.group.path.slice(root.length) },
  });
});

test("a stranger that is moved into the job's group is the job's, with all its threads", async () => {
  let moved = 0;
  const recording = await record(["/bin/cat"], {
    meanwhile: async ({ group, directory, seen }: Running) => {
      const names = ["by-thread", "by-leader"].map((name) => join(directory, name));
      const [file = "", ...args] = act("cgroup_move", "stranger", ...names);
      const stranger = spawn(file, args);
      await once(stranger.stdout, "data");
      moved = stranger.pid ?? 0;
      writeFileSync(join(group.path, "cgroup.procs"), String(moved));
      await ended(stranger, "go\n");
      await seen(({ event }) => event === "process_exit");
    },
  });

  const moved_key = keyOf(recording, moved);
  const { pid, group, directory } = recording;
  assert.notEqual(moved_key, keyOf(recording, pid));
  assertRecorded(recording, "cgroup_move", [
    {
      ...{ process: moved, moved_pid: moved, moved_key, joined: "yes" },
      // The one that moved it is of no job.
      ...{ thread_id: process.pid, cgroup_id: Number(group.id) },
      cgroup_path: group.path.slice(root.length),
    },
  ]);
  const opens = recording.of("file_open").filter(({ path }) => path.startsWith(directory));
  assert.deepEqual(
    opens.map(({ path, process_key }) => ({ path, process_key })),
    ["by-thread", "by-leader"].map((name) => ({
      path: join(directory, name),
      process_key: moved_key,
    })),
  );
  const exits = recording.of("process_exit").map(({ process_key }) => process_key);
  assert.deepEqual(
    exits.filter((key) => key === moved_key),
    [moved_key],
  );
});

function ended(child: ChildProcess, line: string): Promise<unknown> {
  const exit = once(child, "exit");
  child.stdin?.write(line);
  return exit;
}

test("what a process does while it is moved into the job is the job's, or not told", async () => {
  const rounds = 3000;
  const recording = await record(["/bin/cat"], {
    meanwhile: async ({ group }: Running) => {
      const [file = "", ...args] = act("cgroup_move", "busy", group.path, String(rounds));
      assert.deepEqual(await once(spawn(file, args), "exit"), [0, null]);
    },
  });

  assert.deepEqual(recording.losses, new Map());
  assert.equal(recording.of("cgroup_move").length, rounds);
  const ofNobody = recording.events.filter((event) => event.job !== job || !event.process_key);
  assert.deepEqual(ofNobody, []);
});

test("a group that is removed in another hierarchy takes nothing from a job", () => {
  // Each v1 hierarchy counts its own ids, so one of them may be that of a job's group.
  const name = `jobwarden-${process.pid}`;
  const mount = mkdtempSync(join(tmpdir(), "jobwarden-v1-"));
  const group = join(mount, "group");
  execFileSync("mount", ["-t", "cgroup", "-o", `none,name=${name}`, name, mount]);
  const tracer = openTracer();
  try {
    mkdirSync(group);
    const id = u64(statSync(group, { bigint: true }).ino);
    tracer.mapSet("jw_cgroups", id, u32(job));

    rmdirSync(group);

    assert.deepEqual(tracer.mapGet("jw_cgroups", id), new Uint8Array(u32(job)));
  } finally {
    tracer.close();
    execFileSync("umount", [mount]);
    rmdirSync(mount);
  }
});

test("a group that is made below a job's group is the job's until it is removed", () => {
  const group = makeJobCgroup(root, `parent-${process.pid}`);
  const below = join(group.path, "below");
  const tracer = openTracer();
  try {
    tracer.mapSet("jw_cgroups", u64(group.id), u32(job));

    mkdirSync(below);
    const id = u64(statSync(below, { bigint: true }).ino);
    const made = tracer.mapGet("jw_cgroups", id);
    rmdirSync(below);

    assert.deepEqual(made, new Uint8Array(u32(job)));
    assert.equal(tracer.mapGet("jw_cgroups", id), undefined);
  } finally {
    tracer.close();
    removeCgroup(group);
  }
});
