import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Tracer } from "../../native/index.ts";
import { kernelDevice } from "../../src/base/device.ts";
import { openTracer } from "./record.ts";
import { drain, of, register, runnerDirectory, type Seen } from "./runner_directory.ts";

let tracer: Tracer;
before(() => {
  tracer = openTracer();
});
after(() => tracer.close());

/** Runs a shell script in the Listener, and gives all that was recorded. */
async function listen(program: string, script: string): Promise<{ pid: number; seen: Seen[] }> {
  drain(tracer);
  const child = spawn(program, ["-c", script], {
    stdio: "inherit",
    env: { PATH: "/usr/bin:/bin" },
  });
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
  return { pid: child.pid ?? 0, seen: drain(tracer) };
}

test("a registered runner's Worker is a job from its exec on, and each run of it another", async (t) => {
  const root = runnerDirectory(t);
  register(t, tracer, root, 41);
  const worker = join(root, "bin", "Runner.Worker");

  const { pid, seen } = await listen(
    join(root, "bin", "Runner.Listener"),
    `${worker} -c '/bin/true; :'; ${worker} -c '(exit 3)'; :`,
  );

  const starts = of(seen, "job_start");
  assert.equal(starts.length, 2);
  const { ino, dev } = statSync(root, { bigint: true });
  for (const start of starts) {
    const { size, time_us, thread_id, job, process_key, pid: worker_pid, ...told } = start;
    assert.deepEqual(told, {
      event: "job_start",
      event_id: 1001,
      flags: 0,
      root_inode: Number(ino),
      root_device: kernelDevice(dev),
      runner: 41,
      listener_pid: pid,
      path: worker,
    });
    assert.equal(thread_id, worker_pid);
    const [exec] = seen.filter((event) => event.job === job && event.event === "process_exec");
    assert.equal(exec?.process_key, process_key);
    assert.ok(seen.indexOf(start) < seen.indexOf(exec as Seen));
  }
  const [first, second] = starts;
  assert.notEqual(first?.job, second?.job);
  // Everything of the first Worker: its exec, a child with an exec, both exits.
  const kinds = seen.filter(({ job }) => job === first?.job).map(({ event }) => event);
  assert.equal(kinds.filter((kind) => kind === "process_exit").length, 2);
  assert.equal(kinds.filter((kind) => kind === "process_exec").length, 2);
  assert.ok(!seen.some(({ event, job }) => job === 0 && event !== "runner_program"));
  // The Listener itself is seen, and is of no job.
  const [listener, ...others] = of(seen, "runner_program");
  assert.deepEqual([listener?.kind, listener?.pid, others], ["listener", pid, []]);
});

test("after a runner's update the program in its new directory is the Worker", async (t) => {
  const root = runnerDirectory(t, { bin: "bin.2.336.0" });
  register(t, tracer, root, 5);

  const { seen } = await listen(
    join(root, "bin.2.336.0", "Runner.Listener"),
    `${root}/bin.2.336.0/Runner.Worker -c :; :`,
  );

  assert.deepEqual(
    of(seen, "job_start").map(({ runner, path }) => ({ runner, path })),
    [{ runner: 5, path: join(root, "bin.2.336.0", "Runner.Worker") }],
  );
});

for (const [name, bin, worker] of [
  ["another name", "bin", "Runner.Worker2"],
  ["another directory", "binary", "Runner.Worker"],
] as const) {
  test(`a program under ${name} begins no job`, async (t) => {
    const root = runnerDirectory(t, { bin, worker });
    register(t, tracer, root, 6);

    const { seen } = await listen(
      join(root, bin, "Runner.Listener"),
      `${join(root, bin, worker)} -c :; :`,
    );

    assert.deepEqual(of(seen, "job_start"), []);
    assert.deepEqual(of(seen, "process_exec"), []);
  });
}

test("a Worker that no Listener of its runner started begins no job, and is told", async (t) => {
  const root = runnerDirectory(t);
  const other = runnerDirectory(t);
  register(t, tracer, root, 7);
  register(t, tracer, other, 8);
  const worker = join(root, "bin", "Runner.Worker");

  const byShell = await listen("/bin/dash", `${worker} -c :; :`);
  const byOther = await listen(join(other, "bin", "Runner.Listener"), `${worker} -c :; :`);

  const told = [...byShell.seen, ...byOther.seen].map((event) =>
    event.event === "runner_program" ? `${event.kind} ${event.path}` : event.event,
  );
  assert.deepEqual(told, [
    `worker ${worker}`,
    `listener ${join(other, "bin", "Runner.Listener")}`,
    `worker ${worker}`,
  ]);
});

test("a Worker of a runner that nobody registered is told with where it is", async (t) => {
  const root = runnerDirectory(t);
  const key = register(t, tracer, root, 9);
  tracer.mapDelete("jw_runner_roots", key);

  const { seen } = await listen(
    join(root, "bin", "Runner.Listener"),
    `${root}/bin/Runner.Worker -c :; :`,
  );

  const programs = of(seen, "runner_program");
  assert.deepEqual(
    programs.map(({ kind, root_inode, root_device }) => ({ kind, root_inode, root_device })),
    ["listener", "worker"].map((kind) => ({
      kind,
      root_inode: Number(key.readBigUInt64LE(0)),
      root_device: key.readUInt32LE(8),
    })),
  );
  assert.deepEqual(of(seen, "job_start"), []);
});

test("what a job executes as Runner.Worker stays in that job", async (t) => {
  const root = runnerDirectory(t);
  register(t, tracer, root, 10);
  const [listener, worker] = ["Runner.Listener", "Runner.Worker"].map((n) => join(root, "bin", n));

  const { seen } = await listen(
    `${listener}`,
    `${worker} -c '${listener} -c "${worker} -c :; :"; :'; :`,
  );

  const [start, ...others] = of(seen, "job_start");
  assert.deepEqual(others, []);
  assert.equal(of(seen, "process_exec").length, 3);
  assert.ok(of(seen, "process_exec").every(({ job }) => job === start?.job));
});

test("with what the Worker starts its children is told whole, of no others", async (t) => {
  const root = runnerDirectory(t);
  register(t, tracer, root, 11);
  const large = "x".repeat(100_000);
  // The second program of the child, and its own child, are the child's choice.
  const inner = 'env -i FORGED=1 /bin/dash -c "/bin/true; exec env -i FORGED=2 /bin/true"';
  const script =
    `A=$(head -c 100000 /dev/zero | tr '\\0' x); export A; export B=$A; export SECRET=s3cret; ` +
    `/bin/dash -c '${inner}' & wait; :`;

  const { seen } = await listen(
    join(root, "bin", "Runner.Listener"),
    `exec 2>&1; ${root}/bin/Runner.Worker -c "$0"`.replace("$0", script.replace(/["$\\]/g, "\\$&")),
  );

  const pieces = of(seen, "step_environment");
  const dash = of(seen, "process_exec").filter(({ args }) => args[0] === "/bin/dash");
  const child = dash.find(({ args }) => args[2] === inner);
  const ofChild = pieces.filter(({ process_key }) => process_key === child?.process_key);
  const block = Buffer.concat(ofChild.map(({ block }) => block));
  assert.equal(ofChild[0]?.total_bytes, block.length);
  assert.deepEqual(
    ofChild.map(({ offset }) => offset),
    [0, 131_072],
  );
  const variables = block.toString().split("\0");
  assert.ok(variables.includes(`A=${large}`) && variables.includes(`B=${large}`));
  assert.ok(variables.includes("SECRET=s3cret"));
  assert.ok(!Buffer.concat(pieces.map(({ block }) => block)).includes("FORGED"));
  // What the child starts carries its key.
  const forks = of(seen, "process_fork").filter(({ step_key }) => step_key === child?.process_key);
  assert.equal(forks.length, 3); // itself, env, true
  assert.equal(forks[0]?.child_key, child?.process_key);
  assert.equal(child?.step_key, child?.process_key);
});

test("a child that a step makes its own sibling is not taken for the Worker's", async (t) => {
  const root = runnerDirectory(t);
  register(t, tracer, root, 12);
  // clone(2) with CLONE_PARENT and SIGCHLD.
  const python =
    "import ctypes, os; c = ctypes.CDLL(None);\n" +
    "p = c.syscall(56, 0x8000 | 17, 0, 0, 0, 0)\n" +
    'if p == 0: os.execve("/bin/true", ["forged"], {"GITHUB_ACTION": "forged"})';

  const { seen } = await listen(
    join(root, "bin", "Runner.Listener"),
    `${root}/bin/Runner.Worker -c "/usr/bin/python3 -c '${python.replaceAll('"', '\\"')}'; :"`,
  );

  const forged = of(seen, "process_exec").find(({ args }) => args[0] === "forged");
  const [start] = of(seen, "job_start");
  assert.equal(forged?.parent_key, start?.process_key);
  assert.notEqual(forged?.step_key, forged?.process_key);
  assert.notEqual(forged?.step_key, 0);
  const told = of(seen, "step_environment").map(({ process_key }) => process_key);
  assert.ok(!told.includes(forged?.process_key ?? 0));
});
