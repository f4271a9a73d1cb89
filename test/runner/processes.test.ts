import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { inWorkspace, startRunner, truthsOf, until, workflow } from "./harness.ts";
import { commOf, isRunning, parentOf } from "./processes.ts";
import type { RunnerOptions, StandInRunner } from "./stand_in_runner.ts";

const orphans = workflow("orphans");

/** A job that waits in its first step. */
async function waitingJob(t: TestContext, options?: Partial<RunnerOptions>) {
  const runner = await startRunner(t, options);
  const job = await runner.startJob({ workflow: orphans, job: "waits" });
  await until(() => existsSync(inWorkspace(runner, "waiting")));
  const step = truthsOf(job).children[0];
  assert.ok(step);
  return { runner, job, step };
}

/** Lets the step of a waiting job go on. */
const release = ({ root }: StandInRunner) =>
  writeFileSync(join(root, "_work", "_temp", "gate"), "go\n");

const argumentsOf = (pid: number) =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);

test("the programs are files of those names, where the real ones are, with their arguments", async (t) => {
  const { runner, job, step } = await waitingJob(t);
  const { root, listenerPid } = runner;
  const worker = job.worker_pid;

  const exeOf = (pid: number) => readlinkSync(`/proc/${pid}/exe`);
  assert.deepEqual(
    [exeOf(listenerPid), exeOf(worker)],
    [`${root}/bin/Runner.Listener`, `${root}/bin/Runner.Worker`],
  );
  assert.deepEqual([commOf(listenerPid), commOf(worker)], ["Runner.Listener", "Runner.Worker"]);
  assert.deepEqual(argumentsOf(worker), [`${root}/bin/Runner.Worker`, "spawnclient", "3", "4"]);
  assert.deepEqual(argumentsOf(listenerPid).slice(1), ["run"]);
  assert.deepEqual(
    [parentOf(worker), parentOf(step.pid), readlinkSync(`/proc/${worker}/cwd`)],
    [listenerPid, worker, `${root}/bin`],
  );
  for (const descriptor of [3, 4]) {
    assert.match(readlinkSync(`/proc/${worker}/fd/${descriptor}`), /^pipe:/);
  }
  for (const descriptor of [0, 1, 2]) {
    assert.match(readlinkSync(`/proc/${step.pid}/fd/${descriptor}`), /^pipe:/);
  }
  assert.equal(readFileSync(`/proc/${step.pid}/oom_score_adj`, "utf8"), "500\n");
  assert.match(
    argumentsOf(step.pid).join(" "),
    new RegExp(`^/usr/bin/bash -e ${root}/_work/_temp/[0-9a-f-]{36}\\.sh$`),
  );
  assert.ok(isRunning(step.pid, step.start_time));
  release(runner);
  assert.equal((await job.outcome).exit, 100);
});

test("a step's output is in files of _diag that are named by its record, until it ends", async (t) => {
  const { runner, job } = await waitingJob(t);
  const filesOf = (name: string) => {
    const folder = join(runner.root, "_diag", name);
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  await until(() => filesOf("blocks").length > 0);

  const trace = readFileSync(String(truthsOf(job).job["trace_log"]), "utf8");
  const record = /"id": "([0-9a-f-]{36})",\s+"name": "__run"/.exec(trace)?.[1];
  const plan = /"planId": "([0-9a-f-]{36})"/.exec(trace)?.[1];

  assert.deepEqual(filesOf("blocks"), [`${plan}_${record}.1`]);
  assert.deepEqual(filesOf("pages"), [`${plan}_${record}_1.log`]);
  release(runner);
  await job.outcome;
  assert.deepEqual([...filesOf("blocks"), ...filesOf("pages")], []);
});

test("a Worker that is killed leaves its step behind and has no result", async (t) => {
  const { runner, job, step } = await waitingJob(t);

  process.kill(job.worker_pid, "SIGKILL");
  const outcome = await job.outcome;

  assert.deepEqual([outcome.exit, outcome.signal, outcome.result], [null, "SIGKILL", undefined]);
  assert.ok(isRunning(step.pid, step.start_time));
  release(runner);
  await until(() => !isRunning(step.pid, step.start_time));
  const next = await runner.runJob({ workflow: workflow("matrix"), job: "test" });
  assert.equal(next.result, "Succeeded");
});

test("a Worker whose Listener is killed gets another parent and ends its job", async (t) => {
  const { runner, job } = await waitingJob(t);
  const { listenerPid } = runner;

  await runner.killListener();
  await until(() => parentOf(job.worker_pid) !== listenerPid);
  release(runner);
  const outcome = await job.outcome;

  assert.deepEqual([outcome.exit, outcome.result], [null, "Succeeded"]);
  const steps = truthsOf(outcome).children.map(({ position }) => position);
  assert.deepEqual(steps, [0, 1]);
});

test("a job that is cancelled interrupts its step, skips the rest and cleans up", async (t) => {
  const { runner, job, step } = await waitingJob(t);

  runner.cancel();
  const outcome = await job.outcome;

  assert.deepEqual([outcome.exit, outcome.result], [103, "Canceled"]);
  assert.ok(!isRunning(step.pid, step.start_time));
  assert.equal(truthsOf(outcome).children.length, 1);
});

test("runners play their jobs at the same time, each in its own folder", async (t) => {
  const both = await Promise.all([waitingJob(t, { name: "one" }), waitingJob(t, { name: "two" })]);
  for (const { runner } of both) release(runner);
  const outcomes = await Promise.all(both.map(({ job }) => job.outcome));

  assert.deepEqual(
    outcomes.map(({ result }) => result),
    ["Succeeded", "Succeeded"],
  );
  const truths = outcomes.map(truthsOf);
  assert.deepEqual(
    truths.map(({ job }) => job["runner"]),
    ["one", "two"],
  );
  assert.notEqual(truths[0]?.job["run_id"], truths[1]?.job["run_id"]);
});

test("after an update the programs are those of the folder with the version", async (t) => {
  const runner = await startRunner(t);

  await runner.selfUpdate("2.337.0");
  const job = await runner.startJob({ workflow: orphans, job: "waits" });
  await until(() => existsSync(inWorkspace(runner, "waiting")));

  const { root, listenerPid } = runner;
  assert.deepEqual(
    [listenerPid, job.worker_pid].map((pid) => readlinkSync(`/proc/${pid}/exe`)),
    [`${root}/bin.2.337.0/Runner.Listener`, `${root}/bin.2.337.0/Runner.Worker`],
  );
  assert.equal(argumentsOf(job.worker_pid)[0], `${root}/bin.2.337.0/Runner.Worker`);
  assert.deepEqual(
    ["bin", "externals"].map((name) => readlinkSync(join(root, name))),
    [`${root}/bin.2.337.0`, `${root}/externals.2.337.0`],
  );
  assert.ok(existsSync(join(root, "bin.2.336.0", "Runner.Worker")));
  release(runner);
  assert.equal((await job.outcome).result, "Succeeded");
});

test("as a service the Listener is a child of Node, which is a child of the script", async (t) => {
  const { runner, job } = await waitingJob(t, { through: "service" });
  const { root, listenerPid } = runner;

  const node = parentOf(listenerPid) ?? 0;
  assert.equal(readlinkSync(`/proc/${node}/exe`), `${root}/externals/node20/bin/node`);
  assert.deepEqual(argumentsOf(node), ["./externals/node20/bin/node", "./bin/RunnerService.js"]);
  assert.equal(argumentsOf(parentOf(node) ?? 0).at(-1), `${root}/runsvc.sh`);
  assert.deepEqual(argumentsOf(listenerPid).slice(1), ["run", "--startuptype", "service"]);
  release(runner);
  assert.equal((await job.outcome).result, "Succeeded");
});

test("a runner plays one job at a time, in the order in which they are given", async (t) => {
  const runner = await startRunner(t);
  const options = { workflow: workflow("matrix"), job: "test" };

  const outcomes = await Promise.all([1, 2].map(() => runner.runJob(options)));

  const [first, second] = outcomes.map(truthsOf);
  const lastOfFirst = first?.children.at(-1)?.start_time ?? 0;
  assert.deepEqual(
    outcomes.map(({ exit }) => exit),
    [100, 100],
  );
  assert.ok(Number(second?.job["worker_start_time"]) >= lastOfFirst);
});

test("a Worker that dies before it has its job ends the job, and the next one is played", async (t) => {
  const runner = await startRunner(t);
  const program = join(runner.root, "bin", "spawnclient.js");
  const text = readFileSync(program, "utf8");
  writeFileSync(program, "process.exit(7);");

  // More than a pipe holds, so that it is still being sent.
  const event_payload = { text: "x".repeat(1 << 18) };
  const options = { workflow: workflow("matrix"), job: "test", event_payload };

  const first = await runner.runJob(options);
  writeFileSync(program, text);
  const second = await runner.runJob(options);

  assert.deepEqual([first.exit, first.result, second.exit], [7, undefined, 100]);
});
