import assert from "node:assert/strict";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cgroupRoot } from "../../agent/cgroup.ts";
import {
  folder,
  groupPath,
  jobGroups,
  jobwarden,
  parsed,
  python,
  rows,
  run,
  stateOf,
  until,
} from "./harness.ts";

/** A daemon as daemons are made; it lives until the FIFO that it opens has been opened too. */
const daemonise = `
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in (0, 1, 2): os.close(fd)
        with open("pid.new", "w") as file: file.write(str(os.getpid()))
        os.rename("pid.new", "pid")
        open("fifo").close()
    os._exit(0)
os.wait()
`;

test("what outlives the command is counted, and the next run removes its group", async (t) => {
  const state = folder(t);
  const cwd = folder(t);
  const act = `mkfifo fifo; ${python} -c '${daemonise}'; while [ ! -e pid ]; do :; done`;

  const { exit, err } = await jobwarden(["run", "--", "sh", "-c", act], { state, cwd });
  assert.equal(exit, 0, err);
  const pid = Number(readFileSync(join(cwd, "pid"), "utf8"));
  const left = jobGroups().filter((name) => procsOf(name).includes(pid));
  closeSync(openSync(join(cwd, "fifo"), "w"));
  await until(() => stateOf(pid) === "");
  await run(["true"], { state });

  assert.match(err, /1 process outlived the command; no longer followed/);
  assert.deepEqual(rows(state, "SELECT survivors FROM job WHERE id = 1"), [{ survivors: 1 }]);
  assert.equal(left.length, 1);
  assert.ok(!existsSync(groupPath(left[0] ?? "")));
});

test("run returns when the command ends, although what it left behind is busy", async (t) => {
  const state = folder(t);
  const cwd = folder(t);
  // More than there are processors, so that the rings are never empty.
  const busy = "(while [ ! -e stop ]; do : >busy$i; done; echo >stopped$i) &";
  // What holds our standard output open would keep us from seeing its end.
  const act = `exec >/dev/null 2>&1; for i in $(seq ${many}); do ${busy} done
    while [ ! -e busy${many} ]; do :; done; exit 8`;

  const { exit, err } = await run(["sh", "-c", act], { state, cwd });
  writeFileSync(join(cwd, "stop"), "");
  assert.equal(exit, 8, err);
  await until(() => readdirSync(cwd).filter((name) => name.startsWith("stopped")).length === many);

  assert.deepEqual(rows(state, "SELECT survivors, state FROM job"), [
    { survivors: many, state: "ended" },
  ]);
});
const many = 8;

test("a process that leaves the job's group is recorded all the same", async (t) => {
  const state = folder(t);
  const cwd = folder(t);
  const act = `echo $$ >${cgroupRoot()}/cgroup.procs; : >outside; sh -c ': >below; cat /proc/self/cgroup'`;

  const { out } = await run(["sh", "-c", act], { state, cwd });

  assert.match(out.toString(), /^0::\/$/m);
  const opens = "SELECT path FROM file_open_view WHERE path LIKE ? ORDER BY id";
  assert.deepEqual(rows(state, opens, `${cwd}/%`), [
    { path: join(cwd, "outside") },
    { path: join(cwd, "below") },
  ]);
  const { out: moves } = await jobwarden(["events", "last", "--json", "--kind", "cgroup_move"], {
    state,
  });
  assert.deepEqual(
    parsed(moves).map(({ cgroup_path }) => cgroup_path),
    ["/"],
  );
});

test("a job may remove its own group once it has left it", async (t) => {
  const state = folder(t);
  const cwd = folder(t);
  const group = `${cgroupRoot()}$(sed -n 's/^0:://p' /proc/self/cgroup)`;
  const act = `g=${group}; mkdir $g/below; echo $$ >${cgroupRoot()}/cgroup.procs
    rmdir $g/below $g && : >after; sh -c ': >child'`;

  const { exit, err } = await run(["sh", "-c", act], { state, cwd });

  assert.deepEqual([exit, err], [0, ""]);
  const opens = "SELECT path FROM file_open_view WHERE path LIKE ? ORDER BY id";
  assert.deepEqual(rows(state, opens, `${cwd}/%`), [
    { path: join(cwd, "after") },
    { path: join(cwd, "child") },
  ]);
});

test("groups that a job makes below its own are removed with it", async (t) => {
  const act = `g=${cgroupRoot()}$(sed -n 's/^0:://p' /proc/self/cgroup); mkdir -p $g/a/b $g/c
    echo $g; sh -c "echo \\$\\$ >$g/a/b/cgroup.procs; : >inside"`;
  const state = folder(t);
  const cwd = folder(t);

  const { out } = await run(["sh", "-c", act], { state, cwd });

  assert.match(out.toString(), /\/jobwarden\/run-/);
  assert.ok(!existsSync(out.toString().trim()));
  const opens = "SELECT path FROM file_open_view WHERE path LIKE ?";
  assert.deepEqual(rows(state, opens, `${cwd}/%`), [{ path: join(cwd, "inside") }]);
});

test("a group of a run that lives stays, although nothing is in it yet", async (t) => {
  const state = folder(t);
  const path = groupPath(`run-${process.pid}-lives`);
  await run(["true"], { state });
  mkdirSync(path);
  t.after(() => rmdirSync(path));

  await run(["true"], { state });

  assert.ok(existsSync(path));
});

const procsOf = (name: string): number[] =>
  readFileSync(join(groupPath(name), "cgroup.procs"), "utf8")
    .trim()
    .split("\n")
    .map(Number);
