import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chownSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { deviceOf, kernelDevice } from "../../src/base/device.ts";
import { findBelow, makeRunner, place, startListener, writeUnit } from "./runner_place.ts";

const nobody = 65534;

test("a runner with a unit is found whole", (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"), { ephemeral: true, workFolder: "/srv/work" });
  mkdirSync(join(root, "bin.2.336.0"));
  symlinkSync(join(root, "bin.2.336.0"), join(root, "bin"));
  const unit = "actions.runner.octo-app.one.service";
  writeUnit(at, `etc/${unit}`, [`ExecStart=${root}/runsvc.sh`, "User=nobody"]);

  const { runners, problems } = findBelow(at);

  const expected = {
    root,
    root_inode: lstatSync(root, { bigint: true }).ino,
    root_device: mountedDevice(root),
    name: "one",
    id: 7,
    url: "https://github.com/octo/app",
    work_folder: "/srv/work",
    ephemeral: true,
    unit,
    user: "nobody",
    uid: nobody,
    version: "2.336.0",
    listener_pids: [],
    sources: ["unit"],
  };
  assert.deepEqual([runners, problems], [[expected], []]);
});

test("a device is the same whether stat or the table of mounts tells it", () => {
  for (const path of ["/proc/version", "/sys/kernel", "/dev/null"]) {
    assert.equal(kernelDevice(statSync(path, { bigint: true }).dev), mountedDevice(path), path);
  }
});

test("a configured directory may be a link, and have any name", (t) => {
  const at = place(t);
  const root = makeRunner(join(at, 'my "runner" ü\n😀'), { agentName: 'x"\n\x1b[0m' });
  symlinkSync(root, join(at, "link"));

  const { runners, problems } = findBelow(at, { roots: [join(at, "link"), `${root}/`] });

  assert.deepEqual(problems, []);
  const [{ root: found, name, work_folder, sources, user, uid } = fail()] = runners;
  assert.equal(runners.length, 1);
  assert.deepEqual([found, name, work_folder], [root, 'x"\n\x1b[0m', `${root}/_work`]);
  assert.deepEqual([sources, user, uid], [["configured"], "root", 0]);
});

test("a running Listener leads to its runner, with or without a record", async (t) => {
  const at = place(t);
  const listener = await startListener(t, join(at, "new"));
  const updated = makeRunner(join(at, "updated"));
  const others = await startListener(t, updated, { directory: "bin.2.335.1", uid: nobody });
  const own = await startListener(t, updated, { directory: "bin.2.335.1" });
  symlinkSync("bin.2.336.0", join(updated, "bin"));

  const { runners, problems } = findBelow(at);

  const found = runners.map(({ root, name, version, listener_pids, uid, sources }) => {
    return { root, name, version, listener_pids, uid, sources };
  });
  const pids = [others.pid, own.pid].sort((a, b) => a - b);
  const shared = { uid: 0, sources: ["listener"] };
  assert.deepEqual(found, [
    { ...shared, root: join(at, "new"), name: null, version: null, listener_pids: [listener.pid] },
    { ...shared, root: updated, name: "one", version: "2.335.1", listener_pids: pids },
  ]);
  assert.deepEqual(problems, []);
});

test("a Listener whose program was replaced still leads to its runner", async (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  const { pid } = await startListener(t, root);
  rmSync(join(root, "bin"), { recursive: true });

  const { runners } = findBelow(at);

  assert.deepEqual(
    runners.map(({ listener_pids }) => listener_pids),
    [[pid]],
  );
});

test("what a job calls a Listener is none", async (t) => {
  const at = place(t);
  const fake = await startListener(t, join(at, "fake"));
  const real = await startListener(t, join(at, "real"));
  const asked: number[] = [];
  const isTraced = (pid: number): boolean => asked.push(pid) > 0 && pid === fake.pid;

  const { runners, problems } = findBelow(at, { isTraced });

  assert.deepEqual([runners.map(({ root }) => root), problems], [[join(at, "real")], []]);
  assert.ok(asked.includes(real.pid));
  assert.ok(!asked.includes(process.pid));
});

test("all that leads to one directory is one runner, as its unit's user", async (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  const { pid } = await startListener(t, root);
  writeUnit(at, "run/actions.runner.a.service", [`ExecStart=${root}/runsvc.sh`, "User=daemon"]);
  writeUnit(at, "run/actions.runner.b.service", [`ExecStart=${root}/runsvc.sh`, "User=nobody"]);

  const { runners } = findBelow(at, { roots: [root] });

  const found = runners.map(({ unit, user, listener_pids, sources }) => {
    return { unit, user, listener_pids, sources };
  });
  const sources = ["unit", "configured", "listener"];
  const unit = "actions.runner.a.service";
  assert.deepEqual(found, [{ unit, user: "daemon", listener_pids: [pid], sources }]);
});

test("units follow systemd: the first directory counts, drop-ins apply, a masked one is none", (t) => {
  const at = place(t);
  for (const name of ["a", "b", "c", "d"]) makeRunner(join(at, name));
  const start = (name: string) => [`ExecStart=${at}/${name}/runsvc.sh`];
  writeUnit(at, "lib/actions.runner.x.service", start("b"));
  writeUnit(at, "etc/actions.runner.x.service", start("a"));
  writeUnit(at, "lib/actions.runner.masked.service", start("b"));
  symlinkSync("/dev/null", join(at, "etc/actions.runner.masked.service"));
  const linked = writeUnit(at, "elsewhere/any.service", ["ExecStart=/usr/bin/start"]);
  symlinkSync(linked, join(at, "etc/actions.runner.y-z.service"));
  writeUnit(at, "run/actions.runner.y-.service.d/50.conf", [`WorkingDirectory=${at}/c`]);
  writeUnit(at, "lib/actions.runner.y-z.service.d/60.conf", ["User=nobody"]);
  writeUnit(at, "etc/service.d/70.conf", ["User=daemon"]);
  writeUnit(at, "etc/other.service", start("d"));

  const { runners, problems } = findBelow(at);

  assert.deepEqual(problems, []);
  assert.deepEqual(
    runners.map(({ root, unit, user }) => ({ root, unit, user })),
    [
      { root: join(at, "a"), unit: "actions.runner.x.service", user: "daemon" },
      { root: join(at, "c"), unit: "actions.runner.y-z.service", user: "daemon" },
    ],
  );
});

test("without discovery only configured runners are found, with all that is known of them", async (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  const { pid } = await startListener(t, root);
  await startListener(t, join(at, "other"));
  writeUnit(at, "etc/actions.runner.a.service", [`ExecStart=${root}/runsvc.sh`]);
  writeUnit(at, "etc/actions.runner.b.service", [`ExecStart=${at}/gone/runsvc.sh`]);

  const { runners, problems } = findBelow(at, { discover: false, roots: [root] });

  assert.deepEqual(problems, []);
  assert.deepEqual(
    runners.map(({ unit, listener_pids }) => ({ unit, listener_pids })),
    [{ unit: "actions.runner.a.service", listener_pids: [pid] }],
  );
});

test("a record that cannot be used is told, and its directory is still a runner", (t) => {
  const at = place(t);
  const secret = join(at, "secret");
  writeFileSync(secret, '{"agentName":"secret"}');
  const make: Record<string, (path: string) => void> = {
    broken: (path) => writeFileSync(path, "secret"),
    foreign: (path) => chownSync(path, 12345, 12345),
    link: (path) => symlinkSync(secret, path),
    long: (path) => writeFileSync(path, " ".repeat((64 << 10) + 1)),
    pipe: (path) => execFileSync("mkfifo", [path]),
  };
  const roots = Object.keys(make).map((name) => makeRunner(join(at, name)));
  for (const name of ["link", "pipe"]) rmSync(join(at, name, ".runner"));
  for (const [name, change] of Object.entries(make)) change(join(at, name, ".runner"));

  const { runners, problems } = findBelow(at, { roots });

  assert.deepEqual(
    runners.map(({ root, name, id, work_folder }) => ({ root, name, id, work_folder })),
    roots.map((root) => ({ root, name: null, id: null, work_folder: join(root, "_work") })),
  );
  const told = problems.map(({ path, message }) => [path.slice(at.length), message]);
  assert.deepEqual(told, [
    ["/broken/.runner", "it is not used: it is not JSON"],
    ["/foreign/.runner", "it is not used: user 12345 owns it"],
    ["/link/.runner", "it is not used: it is a symbolic link"],
    ["/long/.runner", "it is not used: it has more than 65536 bytes"],
    ["/pipe/.runner", "it is not used: it is a pipe, not a regular file"],
  ]);
});

test("the record of the directory's owner or of the unit's user is used", (t) => {
  const at = place(t);
  const [own, theirs, both] = [join(at, "own"), join(at, "theirs"), join(at, "whose")];
  for (const root of [own, theirs, both]) makeRunner(root);
  for (const path of [own, both]) chownSync(path, 12345, 12345);
  for (const path of [own, both]) chownSync(join(path, ".runner"), 12345, 12345);
  chownSync(join(theirs, ".runner"), nobody, nobody);
  for (const root of [theirs, both]) {
    const name = `etc/actions.runner.${basename(root)}.service`;
    writeUnit(at, name, [`WorkingDirectory=${root}`, `User=${nobody}`]);
  }

  const { runners, problems } = findBelow(at, { roots: [own] });

  assert.deepEqual(problems, []);
  assert.deepEqual(
    runners.map(({ name, uid, user }) => ({ name, uid, user })),
    [
      { name: "one", uid: 12345, user: null },
      { name: "one", uid: nobody, user: "nobody" },
      { name: "one", uid: nobody, user: "nobody" },
    ],
  );
});

test("a place that is no runner is told, with the reason", (t) => {
  const at = place(t);
  mkdirSync(join(at, "empty"));
  writeFileSync(join(at, "file"), "");
  const roots = ["empty", "file", "gone"].map((name) => join(at, name));
  writeUnit(at, "etc/actions.runner.a.service", [`ExecStart=${at}/lost/runsvc.sh`]);
  writeUnit(at, "etc/actions.runner.b.service", ["User=ci"]);
  symlinkSync("nowhere", join(at, "etc/actions.runner.c.service"));
  mkdirSync(join(at, "etc/actions.runner.d.service"));

  const { runners, problems } = findBelow(at, { roots });

  assert.deepEqual(runners, []);
  const [configured, etc] = ["the configuration says that a runner is there, but:", `${at}/etc`];
  const expected: [string, string][] = [
    [`${at}/file`, `${configured} ENOTDIR: not a directory, open '${at}/file'`],
    [`${at}/gone`, `${configured} ENOENT: no such file or directory, lstat '${at}/gone'`],
    [`${etc}/actions.runner.b.service`, "the unit names no directory of a runner"],
    [
      `${etc}/actions.runner.c.service`,
      `the unit cannot be read: ENOENT: no such file or directory, stat '${etc}/actions.runner.c.service'`,
    ],
    [
      `${etc}/actions.runner.d.service`,
      "the unit cannot be read: it is a directory, not a regular file",
    ],
    [
      `${at}/lost`,
      `${etc}/actions.runner.a.service says that a runner is there, but: ENOENT: no such file or directory, lstat '${at}/lost'`,
    ],
    [`${at}/empty`, "no runner is configured in it"],
  ];
  assert.deepEqual(
    problems.map(({ path, message }) => [path, message]),
    expected,
  );
});

test("a moved runner is told while its Listener runs from the old place", async (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  await startListener(t, root);
  renameSync(root, join(at, "moved"));

  const { runners, problems } = findBelow(at);

  // The kernel follows the rename, so the new path is where the program is.
  assert.deepEqual([runners.map((runner) => runner.root), problems], [[join(at, "moved")], []]);
});

/** The device as util-linux reads it from the table of mounts. */
function mountedDevice(path: string): number {
  const args = ["--noheadings", "--first-only", "--output", "MAJ:MIN", "--target", path];
  const [major, minor] = spawnSync("findmnt", args, { encoding: "utf8" }).stdout.trim().split(":");
  return deviceOf(Number(major), Number(minor));
}

function fail(): never {
  return assert.fail("nothing was found");
}
