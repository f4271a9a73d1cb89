import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, type TestContext, test } from "node:test";
import type { Tracer } from "../../native/index.ts";
import { openTracer } from "./record.ts";
import { drain, of, register, runnerDirectory, type Seen } from "./runner_directory.ts";

let tracer: Tracer;
before(() => {
  tracer = openTracer();
});
after(() => tracer.close());

/** A Worker with two threads: each starts a program when it is told, from the thread's own call. */
const threads = `
import subprocess, sys, threading
told = threading.Event()
def work():
    told.wait()
    subprocess.run(["/bin/true"])
thread = threading.Thread(target=work)
thread.start()
child = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
sys.stdin.readline()
told.set()
thread.join()
subprocess.run(["/bin/true"])
child.stdin.close()
child.wait()
`;

/** Starts a script in the Listener, and comes with the first line that it prints. */
async function begin(
  t: TestContext,
  listener: string,
  args: readonly string[],
): Promise<{ child: ChildProcessWithoutNullStreams; line: string }> {
  const env = { PATH: "/usr/bin:/bin", PYTHONHOME: "/usr" };
  const child = spawn(listener, args, { env });
  t.after(() => child.kill("SIGKILL"));
  const [line] = await once(createInterface(child.stdout), "line");
  drain(tracer); // that its programs were started is known
  return { child, line: String(line) };
}

/** Lets it go on to its end. @returns what was recorded since the beginning */
async function end(child: ChildProcessWithoutNullStreams): Promise<Seen[]> {
  const ended = once(child, "exit");
  child.stdin.end("\n");
  const [code] = await ended;
  assert.equal(code, 0);
  return drain(tracer);
}

function visitAll(): number {
  let found = 0;
  for (let last = -1; last !== 0; found += last) last = tracer.visit("jw_find");
  return found;
}

test("a Worker that runs already becomes a job, with its threads and what it has started", async (t) => {
  const root = runnerDirectory(t, { program: "/usr/bin/python3" });
  const worker = join(root, "bin", "Runner.Worker");
  const script = '"$0" -c "$1"; :';
  const args = ["-c", script, worker, threads];
  const { child, line } = await begin(t, join(root, "bin", "Runner.Listener"), args);
  register(t, tracer, root, 12);

  const found = visitAll();
  const seen = await end(child);

  assert.equal(found, 3, "two threads of the Worker, and the program");
  const [first, second, ...others] = of(seen, "process_found");
  assert.ok(first && second);
  assert.deepEqual(others, []);
  const { started_us, pid, job, process_key, path, role, runner, parent_key } = first;
  assert.deepEqual(
    { path, role, runner, parent_key },
    { path: worker, role: "worker", runner: 12, parent_key: 0 },
  );
  assert.ok(started_us <= first.time_us && started_us > first.time_us - 60e6);
  assert.deepEqual(
    { ...second, time_us: 0, started_us: 0, thread_id: 0, size: 0, process_key: 0 },
    {
      ...{ event: "process_found", event_id: 1007, flags: 0, size: 0, thread_id: 0, time_us: 0 },
      ...{ job, process_key: 0, parent_key: process_key, started_us: 0, runner: 0 },
      ...{ pid: Number(line), role: "other", path: "/usr/bin/cat" },
    },
  );
  // Each thread of the Worker is it: what it starts now begins a step of its own.
  const forks = of(seen, "process_fork").filter((fork) => fork.process_key === process_key);
  assert.equal(forks.length, 2);
  for (const { step_key, child_key, parent_pid } of forks) {
    assert.equal(step_key, child_key);
    assert.equal(parent_pid, pid);
  }
  assert.equal(of(seen, "step_environment").length, 2);
  const exits = of(seen, "process_exit").map((exit) => exit.process_key);
  assert.ok(exits.includes(process_key) && exits.includes(second.process_key));
  assert.deepEqual(new Set(seen.map((event) => event.job)), new Set([job]));
});

test("what has no Listener for a parent, or one that a job has started, begins no job", async (t) => {
  const root = runnerDirectory(t);
  const [listener, worker] = ["Listener", "Worker"].map((name) =>
    join(root, "bin", `Runner.${name}`),
  );
  const waits = "echo ready; read -r _";
  // Worker → Listener → Worker: only the first is the runner's.
  const nested = [
    "-c",
    '"$0" -c "$1"; :',
    worker ?? "",
    `${listener} -c '${worker} -c "${waits}"; :'; :`,
  ];
  const alone = await begin(t, worker ?? "", ["-c", waits]);
  const { child } = await begin(t, listener ?? "", nested);
  register(t, tracer, root, 13);

  visitAll();
  const found = of(await end(child), "process_found");
  const later = await end(alone.child);

  assert.deepEqual(later, []);
  assert.deepEqual(
    found.map(({ role }) => role),
    ["worker", "other", "other"],
  );
  assert.equal(new Set(found.map(({ job }) => job)).size, 1);
});

test("a runner that nobody registered is left alone", async (t) => {
  const root = runnerDirectory(t);
  const args = ["-c", `${root}/bin/Runner.Worker -c 'echo ready; read -r _'; :`];
  const { child } = await begin(t, join(root, "bin", "Runner.Listener"), args);

  assert.equal(visitAll(), 0);

  assert.deepEqual(await end(child), []);
});
