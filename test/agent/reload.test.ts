import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AgentUnderTest, anAgent, aRunner, workflow } from "./agent_harness.ts";

const lies = { workflow: workflow("lies"), job: "lies" };
const shells = { workflow: workflow("shells"), job: "shells" };
const results = "SELECT result FROM job ORDER BY id";
const present = "SELECT name FROM runner WHERE state = 'present' ORDER BY name";

/** What it logged with a message, of which there may be more. */
const logged = (agent: AgentUnderTest, message: string): readonly Record<string, unknown>[] =>
  agent.log
    .split("\n")
    .filter((line) => line.includes(`"${message}"`))
    .map((line) => JSON.parse(line));

test("a changed policy and changed runners are taken over by an agent that is told to", async (t) => {
  const agent = await anAgent(t);
  const stays = await aRunner(t, agent, "runner-1");
  const goes = await aRunner(t, agent, "runner-2");
  const comes = await aRunner(t, agent, "runner-9", { wait: false });

  agent.configure({ fail_on: "never", runners: ["runner-1", "runner-9"] });
  agent.reload();
  await agent.until<{ name: string }>(
    present,
    (names) => names.map(({ name }) => name).join() === "runner-1,runner-9",
  );
  const lied = await stays.runJob(lies);
  await comes.runJob(shells);
  const unseen = await goes.runJob(shells);
  await agent.ended(2);

  // What the first job does is high, and failed it under the policy before.
  assert.deepEqual([lied.result, unseen.result], ["Succeeded", "Succeeded"]);
  assert.equal(agent.rows("SELECT 1 FROM finding WHERE severity >= 3").length > 0, true);
  assert.deepEqual(agent.rows(results), [{ result: "succeeded" }, { result: "succeeded" }]);
  assert.deepEqual(
    logged(agent, "The configuration was read again.").map((line) => line["after_restart"]),
    [[]],
  );
});

test("a configuration that is wrong is refused with where, and the one before stays", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent, "runner-1");

  agent.configure({ fail_on: "worst", runners: [] });
  agent.reload();
  await agent.logged("The configuration stays as it was.");
  const { result } = await runner.runJob(lies);
  await agent.ended(1);

  const [line] = logged(agent, "The configuration stays as it was.");
  const problem = ":5:"; // the line of the hooks
  assert.ok(String(line?.["error"]).startsWith(agent.config + problem), String(line?.["error"]));
  assert.match(String(line?.["error"]), /hooks\.fail_on is the text "worst"; allowed: /);
  assert.equal(result, "Failed");
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
