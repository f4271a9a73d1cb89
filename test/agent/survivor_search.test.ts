import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { statOf } from "../../agent/proc_stat.ts";
import type { Process } from "../../src/jobs/process.ts";
import { folder, python } from "./harness.ts";
import { boot_us, find, now_us } from "./left.ts";

const process7 = (fields: Partial<Process>): Process => ({
  ...{
    process_key: 7,
    parent_key: 0,
    step_key: 0,
    pid: 0,
    started_us: now_us(),
    ended_us: undefined,
  },
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
