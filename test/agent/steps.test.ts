import assert from "node:assert/strict";
import { test } from "node:test";
import { anAgent, aRunner, workflow } from "./agent_harness.ts";
import { compare } from "./truth.ts";

/** Workflows of the corpus that need no docker, and a job of each. */
const corpus = [
  { name: "shells", job: "shells" },
  { name: "javascript", job: "javascript" },
  { name: "composite", job: "composite" },
  { name: "conditions", job: "conditions" },
  { name: "environment", job: "environment" },
  { name: "flow", job: "anchors" },
  { name: "ids", job: "example" },
  { name: "ids", job: "clashes" },
  { name: "matrix", job: "test" },
  { name: "reusable", job: "call/inner" },
  { name: "orphans", job: "orphans" },
  { name: "background", job: "background" },
] as const;

test("each process of each workflow is of its job and step", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent);

  for (const [i, { name, job }] of corpus.entries()) {
    await t.test(`${name}: ${job}`, async () => {
      const { truth } = await runner.runJob({ workflow: workflow(name), job });
      await agent.ended(i + 1);

      const compared = compare(agent, i + 1, truth);

      assert.deepEqual(compared.unknown, []);
      // Both hooks, and what the job has of its own.
      assert.ok(compared.compared >= 3, `${compared.compared} were compared`);
    });
  }
});

test("what is nested in a background action without a checkout is known but for its line", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent);

  const { truth } = await runner.runJob({ workflow: workflow("background"), job: "background" });
  await agent.ended(1);

  // The file is not there, and the runner is told no line of a `uses:`.
  const { unknown } = compare(agent, 1, truth);
  assert.ok(unknown.length > 0);
  assert.deepEqual(
    unknown.filter((place) => !/^(pre|main|post):2:[\d.]+ line$/.test(place)),
    [],
  );
});
