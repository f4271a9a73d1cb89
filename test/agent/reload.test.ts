import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AgentUnderTest, anAgent } from "./agent_harness.ts";
import { aBareRunner, BareRunner } from "./bare_runner.ts";

/**
 * Calls as the runner's hook, which it is not: a high finding. Then the runner's own call says
 * whether that fails the job.
 */
const lies = ({ hooks: { completed } }: AgentUnderTest): string =>
  `/bin/sh ${completed}; /bin/sh -e ${completed} && exit 100; exit 102`;
const honest = "/bin/true; exit 100";
const results = `
  SELECT r.name, result, (SELECT count(*) FROM finding AS f WHERE f.job = j.id) AS findings
    FROM job AS j JOIN runner AS r ON r.id = j.runner
   ORDER BY r.name`;
const present = "SELECT name FROM runner WHERE state = 'present' ORDER BY name";

interface Named {
  readonly name: string;
}
const isJust = (found: readonly Named[], ...names: readonly string[]): boolean =>
  found.map(({ name }) => name).join() === names.join();

/** What it logged with a message, of which there may be more. */
const logged = (agent: AgentUnderTest, message: string): readonly Record<string, unknown>[] =>
  agent.log
    .split("\n")
    .filter((line) => line.includes(`"${message}"`))
    .map((line) => JSON.parse(line));

test("a changed policy and changed runners are taken over by an agent that is told to", async (t) => {
  const agent = await anAgent(t);
  const [stays, goes, comes] = ["runner-1", "runner-2", "runner-9"].map(
    (name) => new BareRunner(agent, name),
  );
  await agent.until<Named>(present, (names) => isJust(names, "runner-1", "runner-2"));

  agent.configure({ fail_on: "never", runners: ["runner-1", "runner-9"] });
  agent.reload();
  await agent.until<Named>(present, (names) => isJust(names, "runner-1", "runner-9"));
  await goes?.start(honest);
  await stays?.start(lies(agent));
  await comes?.start(honest);
  await agent.ended(2);

  assert.deepEqual(agent.rows(results), [
    { name: "runner-1", result: "succeeded", findings: 1 },
    { name: "runner-9", result: "succeeded", findings: 0 },
  ]);
  assert.deepEqual(
    logged(agent, "The configuration was read again.").map((line) => line["after_restart"]),
    [[]],
  );
});

test("a configuration that is wrong is refused with where, and the one before stays", async (t) => {
  const [agent, runner] = await aBareRunner(t);

  agent.configure({ fail_on: "worst", runners: [] });
  agent.reload();
  await agent.logged("The configuration stays as it was.");
  await runner.start(lies(agent));
  await agent.ended(1);

  const [line] = logged(agent, "The configuration stays as it was.");
  const error = String(line?.["error"]);
  assert.ok(error.startsWith(`${agent.config}:5:`), error); // the line of the hooks
  assert.match(error, /hooks\.fail_on is the text "worst"; allowed: /);
  assert.deepEqual(agent.rows(results), [{ name: "runner-1", result: "failed", findings: 1 }]);
  assert.deepEqual(agent.rows(present), [{ name: "runner-1" }]);
});

test("what cannot change while the agent runs is named, and waits", async (t) => {
  const agent = await anAgent(t);
  writeFileSync(
    agent.config,
    `state_directory: ${join(agent.directory, "other")}
runtime_directory: ${join(agent.directory, "run")}
rings: { rare_mib: 4 }
runners: { discover: false }
hooks: { directory: /elsewhere }`,
  );

  agent.reload();
  await agent.logged("The configuration was read again.");

  const [line] = logged(agent, "The configuration was read again.");
  assert.deepEqual(line?.["after_restart"], [
    "state_directory",
    "pin_directory",
    "rings",
    "hooks.directory",
  ]);
});
