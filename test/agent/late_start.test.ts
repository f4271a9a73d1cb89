import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { RunningJob } from "../runner/stand_in_runner.ts";
import { StandInRunner } from "../runner/stand_in_runner.ts";
import { AgentUnderTest, workflow } from "./agent_harness.ts";
import { jobwarden, until } from "./harness.ts";
import { compare } from "./truth.ts";

/** A job that waits in its first step, and the way to let it go on. */
interface WaitingJob {
  readonly root: string;
  readonly running: RunningJob;
  /** Lets it go on to its end. @returns a file of the truth of what it did from here on */
  goOn(): Promise<string>;
}

/** The agent does not run yet; the runner stops before the agent does. */
async function aWaitingJob(
  t: TestContext,
  agent: AgentUnderTest,
  folder = "runners",
): Promise<WaitingJob> {
  const root = join(agent.directory, folder, "runner-1");
  const env = { ACTIONS_RUNNER_HOOK_JOB_COMPLETED: agent.hooks.completed };
  const runner = new StandInRunner({ root, name: "runner-1", env });
  t.after(() => runner.stop());
  runner.install();
  await runner.start();
  const running = await runner.startJob({ workflow: workflow("orphans"), job: "waits" });
  await until(() => existsSync(join(root, "_work", "hello", "hello", "waiting")));
  return { root, running, goOn: () => goOn(root, running) };
}

async function goOn(root: string, { truth, outcome }: RunningJob): Promise<string> {
  const before = readFileSync(truth, "utf8");
  writeFileSync(join(root, "_work", "_temp", "gate"), "\n");
  await outcome;
  const rest = join(root, "rest");
  writeFileSync(rest, readFileSync(truth, "utf8").slice(before.length));
  return rest;
}

/** Comes with an agent that is not started, and goes after what runs in its directory. */
function anAgentToCome(t: TestContext): AgentUnderTest {
  const agent = new AgentUnderTest();
  t.after(() => agent[Symbol.asyncDispose]());
  return agent;
}

interface JobRow {
  readonly name: string;
  readonly result: string;
  readonly complete: number;
  readonly worker_pid: number;
  readonly started_us: number;
}
const jobs = "SELECT name, result, complete, worker_pid, started_us FROM job";
const steps = "SELECT position, phase, name FROM step ORDER BY id";

test("a job that runs when the agent comes is followed from there on, and said to be", async (t) => {
  const agent = anAgentToCome(t);
  const { running, goOn } = await aWaitingJob(t, agent);
  const started_before_us = Date.now() * 1000;

  await agent.start();
  const truth = await goOn();
  const outcome = await running.outcome;
  await agent.ended(1);

  const [job] = agent.rows<JobRow>(jobs);
  assert.ok(job);
  const { started_us, ...known } = job;
  assert.deepEqual(known, {
    name: "octo/hello: Orphans / waits",
    result: "succeeded",
    complete: 0,
    worker_pid: running.worker_pid,
  });
  assert.ok(started_us < started_before_us, "it began before");
  // The step that waited is not known to be one; the last step and the hook are.
  const compared = compare(agent, 1, truth);
  assert.equal(compared.compared, 4);
  assert.deepEqual(compared.unknown, ["main:0: phase position nested"]);
  assert.deepEqual(agent.rows(steps), [
    { position: 1, phase: "main", name: "Run" },
    { position: null, phase: "hook_completed", name: "Complete runner" },
  ]);
  assert.match(readFileSync(outcome.log, "utf8"), /tracing began in the middle of the job/);
  const { out } = await jobwarden(["show", "1"], { state: agent.state });
  assert.match(out.toString(), /incomplete: tracing began in the middle of the job\n/);
});

test("what a job had started before is of the job, with its program and its parent", async (t) => {
  const agent = anAgentToCome(t);
  const { running, goOn } = await aWaitingJob(t, agent);

  await agent.start();
  await goOn();
  await agent.ended(1);

  const [worker, shell, ...others] = agent.rows<Record<string, unknown>>(`
    SELECT p.pid, v.path, p.ended_us IS NOT NULL AS ended, parent.pid AS parent_pid, p.step_key
      FROM process AS p JOIN process_view AS v ON v.id = p.id
      LEFT JOIN process AS parent ON parent.id = p.parent
     WHERE p.job = 1 AND p.execs = 0 AND p.started_us < (SELECT min(time_us) FROM process_fork)
     ORDER BY p.id`);
  assert.deepEqual(others, []);
  assert.equal(worker?.["pid"], running.worker_pid);
  assert.match(String(worker["path"]), /\/runner-1\/bin\/Runner\.Worker$/);
  const { pid: _, path, ...told } = shell ?? {};
  assert.deepEqual(told, { ended: 1, parent_pid: running.worker_pid, step_key: 0 });
  assert.match(String(path), /sh$/);
});

test("a job of a runner that becomes known while it runs is followed from there on", async (t) => {
  const agent = anAgentToCome(t);
  const { root, goOn } = await aWaitingJob(t, agent, "elsewhere");
  await agent.start();

  symlinkSync(root, join(agent.directory, "runners", "runner-1"));
  await agent.logged("A job was running already");
  const truth = await goOn();
  await agent.ended(1);

  assert.equal(compare(agent, 1, truth).compared, 4);
  assert.deepEqual(
    agent.rows<JobRow>(jobs).map(({ result, complete }) => [result, complete]),
    [["succeeded", 0]],
  );
});

test("an agent that is killed goes on with a job whose beginning it had not seen", async (t) => {
  const agent = anAgentToCome(t);
  const { goOn } = await aWaitingJob(t, agent);
  await agent.start();
  await agent.until<object>("SELECT id FROM job", (found) => found.length === 1);

  await agent.kill();
  await agent.restart();
  const truth = await goOn();
  await agent.ended(1);

  assert.equal(compare(agent, 1, truth).compared, 4);
  assert.deepEqual(
    agent.rows<JobRow>(jobs).map(({ result, complete }) => [result, complete]),
    [["succeeded", 0]],
  );
});
