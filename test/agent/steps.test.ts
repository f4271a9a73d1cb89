import assert from "node:assert/strict";
import { test } from "node:test";
import { anAgent, aRunner, workflow } from "./agent_harness.ts";
import { compare } from "./truth.ts";

/** Workflows of the corpus that need no docker: a job of each, and places that cannot be known. */
const corpus = [{ name: "background", jobs: ["background"] }];
const rest = [
  { name: "shells", jobs: ["shells"] },
  { name: "javascript", jobs: ["javascript"] },
  { name: "composite", jobs: ["composite"] },
  { name: "background", jobs: ["background"] },
  { name: "conditions", jobs: ["conditions"] },
  { name: "environment", jobs: ["environment"] },
  { name: "flow", jobs: ["anchors"] },
  { name: "ids", jobs: ["example", "clashes"] },
  { name: "matrix", jobs: ["test"] },
  { name: "reusable", jobs: ["call/inner"] },
  { name: "orphans", jobs: ["orphans"] },
];

test("each process of each workflow is of its job and step, or of one that is not known", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent);
  let ended = 0;
  for (const { name, jobs } of corpus) {
    for (const job of jobs) {
      const { truth } = await runner.runJob({ workflow: workflow(name), job });
      await agent.ended(++ended);

      const { compared, unknown } = compare(agent, ended, truth);

      console.log(name, job, compared, unknown);
    }
  }
  assert.ok(ended > 0);
});
