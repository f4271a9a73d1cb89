import assert from "node:assert/strict";
import { test } from "node:test";
import { anAgent, aRunner, workflow } from "./agent_harness.ts";
import { compare } from "./truth.ts";

test("a step that lies about itself, its name and its job changes nothing but is found", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent);

  const { truth, result, log } = await runner.runJob({ workflow: workflow("lies"), job: "lies" });
  await agent.ended(1);

  const { compared, unknown } = compare(agent, 1, truth);
  assert.ok(compared >= 15, `${compared}`);
  // The job's own shell runs the completed hook, which is then not known to be that.
  assert.deepEqual(
    unknown.filter((place) => !place.startsWith("hook_completed")),
    [],
  );
  const [job] = agent.rows<{ name: string }>("SELECT name FROM job");
  assert.equal(job?.name, "octo/hello: Steps that lie / lies");
  const found = agent.rows<{ signature: string }>(
    "SELECT DISTINCT signature FROM finding ORDER BY signature",
  );
  assert.deepEqual(
    found.map(({ signature }) => signature),
    ["JW-101", "JW-104", "JW-164", "JW-184"],
  );
  // Its findings are high: the completed hook has failed the job.
  assert.equal(result, "Failed", log);
});
