import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { anAgent, aRunner, workflow } from "./agent_harness.ts";
import { aBareRunner } from "./bare_runner.ts";

const missing = "SELECT severity, message FROM finding_view WHERE signature = 'JW-105' ORDER BY id";
/** A child of the Worker that is a step's. */
const step = "GITHUB_ACTION=__run /bin/true";

const says = (hook: string, what: string): string =>
  `The runner is told to call jobwarden's ${hook} hook; in this job it ${what}.`;

test("a hook that the runner is told to call and does not is noted, when a step has run", async (t) => {
  const [agent, runner] = await aBareRunner(t);
  const { started, completed } = agent.hooks;
  const wired = {
    ACTIONS_RUNNER_HOOK_JOB_STARTED: started,
    ACTIONS_RUNNER_HOOK_JOB_COMPLETED: completed,
  };

  const run = runner.start(`${step}; until [ -e go ]; do /bin/sleep 0.05; done; exit 100`, wired);
  // How the runner was set up is read while its Worker lives.
  await agent.logged("A job began.");
  writeFileSync(join(runner.root, "go"), "");
  await run;
  await agent.ended(1);

  assert.deepEqual(agent.rows(missing), [
    { severity: "info", message: says("started", "was not run by its Worker") },
    { severity: "info", message: says("completed", "was not run by its Worker") },
  ]);
});

test("no hook is missing where the runner has none of ours, or had no reason to run it", async (t) => {
  const [agent, runner] = await aBareRunner(t);
  const started = { ACTIONS_RUNNER_HOOK_JOB_STARTED: agent.hooks.started };
  const completed = { ACTIONS_RUNNER_HOOK_JOB_COMPLETED: agent.hooks.completed };
  const another = { ACTIONS_RUNNER_HOOK_JOB_STARTED: `${agent.hooks.started}.own` };

  await runner.start(`${step}; exit 100`, another);
  // Its set-up has failed, before any step.
  await runner.start("/bin/true; exit 102", { ...started, ...completed });
  // Cancelled, or shut down.
  await runner.start(`${step}; exit 103`, completed);
  await runner.start(`${step}; kill -9 $$`, completed);
  await agent.until<object>(
    "SELECT 1 FROM job WHERE state = 'ended'",
    ({ length }) => length === 4,
  );

  assert.deepEqual(agent.rows(missing), []);
});

test("a hook that was run and did not call is noted, and one that called is not", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent);
  writeFileSync(agent.hooks.completed, "exit 0\n");

  await runner.runJob({ workflow: workflow("matrix"), job: "test" });
  await agent.ended(1);

  assert.deepEqual(agent.rows(missing), [
    { severity: "info", message: says("completed", "was run by its Worker, but did not call") },
  ]);
});
