import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";

import { deviceOf } from "../../agent/left_files.ts";
import { statOf } from "../../agent/proc_stat.ts";
import { type ResidueQuestion, ResidueSearch } from "../../agent/residue.ts";
import { loadAddon } from "../../native/index.ts";
import type { Samples } from "../../src/engine/signature.ts";
import { recordFlags } from "../../src/events/schema.ts";
import { ChangedFiles } from "../../src/jobs/changed_files.ts";
import { Places } from "../../src/jobs/places.ts";
import type { Process } from "../../src/jobs/process.ts";
import { complete } from "../engine/sample.ts";
import { folder, python } from "./harness.ts";

const boot_us = Math.round(loadAddon().bootTime());
const now_us = (): number => Date.now() * 1000;

/** What a job with this behind it left, as the last of many steps or of one finds it. */
function find(question: Partial<ResidueQuestion>, budget_ms?: number) {
  const search = new ResidueSearch({
    ...{ job: 1, survivors: [], processOf: () => undefined, changed: [], containers: [] },
    ...{ places: new Places({}), ended_us: 99, boot_us, ...question },
  });
  let steps = 1;
  while (!search.step(budget_ms)) steps++;
  return { ...search.report, steps };
}

const process7 = (fields: Partial<Process>): Process => ({
  ...{ process_key: 7, parent_key: 0, pid: 0, started_us: now_us(), ended_us: undefined },
  ...{ path: "/usr/bin/python3", args: ["python3", "-c", "x"], cwd: "/", execs: 1, ...fields },
});

interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The line that it printed. */
  readonly said: string;
}

/** A Python program that says one line and then waits until its input ends. */
async function running(t: TestContext, code: string, ...within: string[]): Promise<Running> {
  const [file = "", ...args] = [...within, python, "-c", `${code}\nimport sys; sys.stdin.read()`];
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  t.after(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  });
  const [line] = await once(createInterface(child.stdout), "line");
  return { child, pid: child.pid ?? 0, said: String(line) };
}

const listens = (path: string): string => `
import socket
def made(family, kind, address, listens):
    s = socket.socket(family, kind); s.bind(address)
    if listens: s.listen()
    all.append(s); return s.getsockname()
all = []
four = made(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0), True)[1]
six = made(socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0), True)[1]
udp = made(socket.AF_INET, socket.SOCK_DGRAM, ("0.0.0.0", 0), False)[1]
made(socket.AF_UNIX, socket.SOCK_STREAM, "${path}", True)
made(socket.AF_UNIX, socket.SOCK_STREAM, "\\0abstract ${path}", True)
made(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0), False)
client = socket.create_connection(("127.0.0.1", four))
print(four, six, udp, flush=True)
`;

test("a process that survives is told, and each socket on which it listens", async (t) => {
  const path = join(folder(t), "a socket");
  const { pid, said } = await running(t, listens(path));
  const [four, six, udp] = said.split(" ");
  const parent_pid = process.pid;

  const { residue, left_out } = find({
    survivors: [{ pid, process_key: 7 }],
    processOf: () => process7({}),
  });

  const [self, ...sockets] = residue;
  const { group, ...detail } = self?.detail ?? assert.fail();
  assert.match(String(group), /^\//);
  assert.equal(self?.what, "still runs: python3 -c x");
  assert.equal(self?.pid, pid);
  assert.deepEqual(detail, { args: ["python3", "-c", "x"], cwd: "/", parent_pid });
  assert.deepEqual(
    sockets.map((one) => [one.kind, one.pid, one.process_key, one.what, one.path]).sort(),
    [
      ["listener", pid, 7, `listens on tcp 127.0.0.1:${four}`, ""],
      ["listener", pid, 7, `listens on tcp6 [::1]:${six}`, ""],
      ["listener", pid, 7, `listens on udp 0.0.0.0:${udp}`, ""],
      ["listener", pid, 7, `listens on unix ${path}`, path],
      ["listener", pid, 7, `listens on unix @abstract ${path}`, ""],
    ].sort(),
  );
  assert.deepEqual(left_out, {
    ...{ processes: 0, gone: 0, descriptors: 0, tables: 0 },
    ...{ expected: 0, elsewhere: 0, passing: 0, residue: 0 },
  });
});

test("a listener in a network namespace of its own is found there", async (t) => {
  const code = `
import socket
s = socket.socket(); s.bind(("0.0.0.0", 8080)); s.listen()
print("ready", flush=True)`;
  const { pid } = await running(t, code, "unshare", "--net");

  const { residue } = find({
    survivors: [{ pid, process_key: 7 }],
    processOf: () => process7({}),
  });

  const listener = residue.find(({ kind }) => kind === "listener");
  assert.equal(listener?.what, "listens on tcp 0.0.0.0:8080");
  assert.equal(listener?.detail["network_namespace"], readlinkSync(`/proc/${pid}/ns/net`));
  assert.notEqual(listener?.detail["network_namespace"], readlinkSync("/proc/self/ns/net"));
});

test("a socket of several processes is told once, with their number", async (t) => {
  const code = `
import os, socket, sys
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
child = os.fork()
if child == 0:
    sys.stdin.read(); os._exit(0)
print(child, flush=True)`;
  const { pid, said } = await running(t, code);

  const { residue } = find({
    survivors: [
      { pid, process_key: 7 },
      { pid: Number(said), process_key: 8 },
    ],
    processOf: (process_key) => process7({ process_key }),
  });

  assert.deepEqual(
    residue.map(({ kind }) => kind),
    ["process", "process", "listener"],
  );
  assert.equal(residue[2]?.detail["holders"], 2);
});

test("a process that got the id later is never named, nor one that has ended", async (t) => {
  const zombie =
    "import os\npid = os.fork()\nif pid == 0: os._exit(0)\nos.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)\nprint(pid, flush=True)";
  const { pid, said } = await running(t, zombie);
  const started_us = boot_us + (statOf("/proc", pid)?.start_us ?? 0);

  const own = find({
    survivors: [{ pid, process_key: 7 }],
    processOf: () => process7({ started_us: started_us - 9_999 }),
  });
  const others = find({
    survivors: [
      { pid, process_key: 7 },
      { pid: Number(said), process_key: 8 },
      { pid: 2 ** 22 + 1, process_key: 9 },
    ],
    processOf: (key) => process7({ started_us: key === 7 ? started_us - 10_001 : now_us() }),
  });

  assert.equal(own.residue.length, 1);
  assert.deepEqual(others.residue, []);
  assert.equal(others.left_out.gone, 3);
});

/** A runner, a home and a workspace in a folder, and what a job did there. */
function host(t: TestContext) {
  const top = folder(t);
  const [root, home] = [join(top, "runner"), join(top, "home")];
  for (const path of [`${root}/_work/app/app`, `${root}/bin`, home]) {
    mkdirSync(path, { recursive: true });
  }
  const places = new Places({
    runner_root: root,
    workspace: `${root}/_work/app/app`,
    homes: [{ user: "ci", path: home }],
  });
  const changed = new ChangedFiles({ places, host_mount_namespace: 1 });
  const apply = (event: Samples, fields = {}) =>
    changed.apply(complete({ process_key: 7, time_us: now_us(), ...event, ...fields } as Samples));
  /** Makes the file for real, and tells of it as the kernel would. */
  const write = (path: string, created: "yes" | "no" = "yes", fields = {}) => {
    writeFileSync(path, "x");
    const { ino, dev, mode } = lstatSync(path, { bigint: true });
    const file = { inode: Number(ino), device: deviceOf(dev), mode: Number(mode) };
    apply({ event: "file_open", path, access: "write", created, ...file }, fields);
    apply({ event: "file_write", path, ...file }, fields);
  };
  const left = (budget_ms?: number) => find({ changed: changed.files(), places }, budget_ms);
  return { root, home, places, changed, apply, write, left };
}

test("files that a job left are told by their kind, and kept for later jobs", (t) => {
  const { root, home, write, apply, left } = host(t);
  const [env, bashrc, product] = [
    `${root}/.env`,
    `${home}/.bashrc`,
    `${root}/_work/app/app/product`,
  ];
  write(env, "no");
  write(bashrc);
  write(product);
  symlinkSync("/tmp/x", `${home}/.profile`);
  apply({ event: "file_symlink", path: `${home}/.profile`, target: "/tmp/x" });

  const { residue, written } = left();

  assert.deepEqual(
    residue.map(({ kind, what, process_key, path }) => [kind, what, process_key, path]),
    [
      ["runner_file", `changed ${env}`, 7, env],
      ["dotfile", `created ${bashrc}`, 7, bashrc],
      ["dotfile", `linked ${home}/.profile`, 7, `${home}/.profile`],
    ],
  );
  const stat = lstatSync(env, { bigint: true });
  assert.deepEqual(residue[0]?.detail, {
    ...{ how: "written", was_there: "yes", exists: true, replaced: false },
    ...{ part: "configuration", inode: Number(stat.ino), owner: 0, bytes: 1 },
    mode: (Number(stat.mode) & 0o7777).toString(8),
  });
  assert.equal(residue[2]?.detail["origin"], "/tmp/x");
  assert.deepEqual(
    written.map(({ path, ctime_ns }) => [path, ctime_ns]),
    [env, bashrc, product].map((path) => [path, String(lstatSync(path, { bigint: true }).ctimeNs)]),
  );
  assert.deepEqual(
    { ...written[0], time_us: 0, ctime_ns: "" },
    {
      ...{ job: 1, device: deviceOf(stat.dev), inode: Number(stat.ino), path: env },
      ...{ process_key: 7, time_us: 0, ctime_ns: "" },
    },
  );
});

test("what is gone again is no residue, but what was there before is missed", (t) => {
  const { home, write, apply, left } = host(t);
  write(`${home}/.bashrc`);
  write(`${home}/.profile`, "no");
  for (const name of [".bashrc", ".profile"]) {
    rmSync(`${home}/${name}`);
    apply({ event: "file_unlink", path: `${home}/${name}` });
  }

  const { residue, written, left_out } = left();

  assert.deepEqual(
    residue.map(({ what, detail }) => [what, detail["exists"]]),
    [[`removed ${home}/.profile`, false]],
  );
  assert.deepEqual(written, []);
  assert.equal(left_out.passing, 1);
});

test("a file that came back unseen, and one that was replaced unseen, say so", (t) => {
  const { home, write, apply, left } = host(t);
  write(`${home}/.bashrc`);
  apply({ event: "file_unlink", path: `${home}/.bashrc` });
  write(`${home}/.profile`);
  // Both are there for a moment, so the new one cannot have the inode of the old.
  writeFileSync(`${home}/new`, "");
  renameSync(`${home}/new`, `${home}/.profile`);

  const { residue } = left();

  assert.deepEqual(
    residue.map(({ what, detail }) => [what, detail["replaced"]]),
    [
      [`created ${home}/.bashrc`, false],
      [`created ${home}/.profile`, true],
    ],
  );
});

test("a file that was only opened for writing is told if it has changed since", (t) => {
  const { home, apply, left } = host(t);
  const opened = (name: string, time_us: number) => {
    writeFileSync(`${home}/${name}`, "");
    const { ino, dev, mode } = lstatSync(`${home}/${name}`, { bigint: true });
    const file = { inode: Number(ino), device: deviceOf(dev), mode: Number(mode) };
    const path = `${home}/${name}`;
    apply({ event: "file_open", path, access: "read_write", time_us, ...file });
  };
  opened(".bashrc", now_us() - 1_000_000);
  opened(".profile", now_us() + 60_000_000);

  const { residue } = left();

  assert.deepEqual(
    residue.map(({ what }) => what),
    [`changed ${home}/.bashrc`],
  );
});

test("a name whose links were not followed is resolved before it is judged", (t) => {
  const { home, write, left } = host(t);
  const link = join(folder(t), "link");
  symlinkSync(home, link);
  write(`${link}/.bashrc`, "yes", { flags: recordFlags.unresolved });

  const { residue } = left();

  assert.deepEqual(
    residue.map(({ kind, path, detail }) => [kind, path, detail["called"]]),
    [["dotfile", `${home}/.bashrc`, `${link}/.bashrc`]],
  );
});

test("what a container changes is told only where it is the host's file", (t) => {
  const { home, apply, write, left } = host(t);
  apply({ event: "process_exec", mount_namespace: 2 });
  write(`${home}/.bashrc`);
  writeFileSync(`${home}/.profile`, "the host's own");
  const other = { access: "write", mode: 0o100644, inode: 1, device: 1 } as const;
  apply({ event: "file_open", path: `${home}/.profile`, ...other });

  const { residue, left_out } = left();

  assert.deepEqual(
    residue.map(({ path, detail }) => [path, detail["foreign"]]),
    [[`${home}/.bashrc`, true]],
  );
  assert.equal(left_out.elsewhere, 1);
});

test("what the runner itself writes is counted, and no residue", (t) => {
  const { root, places, left, write } = host(t);
  const changed = new ChangedFiles({ places, roleOf: () => "worker" });
  const path = `${root}/_work/_actions/index.js`;
  mkdirSync(`${root}/_work/_actions`);
  write(path);
  changed.apply(
    complete({ event: "file_open", path, access: "write", created: "yes", mode: 0o100644 }),
  );

  const expected = find({ changed: changed.files(), places });

  assert.deepEqual(expected.residue, []);
  assert.equal(expected.left_out.expected, 1);
  assert.equal(expected.written.length, 1);
  assert.equal(left().residue[0]?.kind, "runner_file");
});

test("a container that runs is told with its name, or else its id", () => {
  const id = "0123456789abcdef".repeat(4);
  const container = { id, name: "", image: "alpine", process_key: 7, time_us: 5 };

  const { residue } = find({
    containers: [container, { ...container, name: "db", detail: { step: "x" } }],
  });

  assert.deepEqual(
    residue.map(({ what, time_us, detail }) => [what, time_us, detail["step"]]),
    [
      ["container still runs: 0123456789ab of alpine", 5, undefined],
      ["container still runs: db of alpine", 5, "x"],
    ],
  );
});

test("many files are looked at in many slices, and nothing is told twice", (t) => {
  const { home, write, left } = host(t);
  mkdirSync(`${home}/.ssh`);
  const paths = Array.from({ length: 200 }, (_, i) => `${home}/.ssh/key${i}`);
  for (const path of paths) write(path);

  const { residue, steps } = left(0);

  assert.ok(steps >= paths.length, `${steps} steps`);
  assert.deepEqual(
    residue.map(({ path }) => path),
    paths,
  );
});

test("a device has the kernel's number, also when its parts are large", () => {
  // st_dev of 259:3, of 8:1 and of 4660:1048574, as glibc's makedev packs them.
  assert.equal(deviceOf(0x10303n), (259 << 20) | 3);
  assert.equal(deviceOf(0x801n), (8 << 20) | 1);
  assert.equal(deviceOf(0x1000fff234fen), 0x1234 * 2 ** 20 + 0xffffe);
});
