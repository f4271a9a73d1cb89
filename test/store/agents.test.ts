import assert from "node:assert/strict";
import { test } from "node:test";
import { Agents, type StoredAgent } from "../../src/store/agents.ts";
import { hostile, someTime, store } from "./sample.ts";

const agent: StoredAgent = {
  ...{ pid: 7, boot_id: "boot", version: "0.1.0", tracer: "one", state: "degraded" },
  ...{ started_us: someTime, seen_us: someTime + 5, reasons: [hostile, "another"] },
};

test("the agent that spoke last is the agent, whichever was there before", (t) => {
  const agents = new Agents(store(t).db);
  const later: StoredAgent = { ...agent, pid: 8, state: "protected", reasons: [] };

  const none = agents.last();
  agents.say(agent);
  const first = agents.last();
  agents.say(later);

  assert.equal(none, undefined);
  assert.deepEqual(first, agent);
  assert.deepEqual(agents.last(), later);
});
