import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { databaseFile } from "../../../src/cli/database.ts";
import type { FoundRunner } from "../../../src/jobs/runner.ts";
import type { StoredAgent } from "../../../src/store/agents.ts";
import { openForWriting } from "../../../src/store/open.ts";
import { Writer } from "../../../src/store/writer.ts";
import { jobwarden, now_us, parsedLines } from "../border.ts";
import { hostile, scratch, unsafe } from "../database.ts";

const second_us = 1e6;

const agent: StoredAgent = {
  ...{ pid: 77, boot_id: "boot", version: "0.1.0", tracer: "one", state: "protected" },
  ...{ started_us: now_us - 3600 * second_us, seen_us: now_us - 15 * second_us, reasons: [] },
};

const aRunner = (name: string | null, root: string): FoundRunner => ({
  ...{ root, root_inode: 1n, root_device: 1, name, id: 1, url: null, work_folder: `${root}/_work` },
  ...{ ephemeral: false, unit: null, user: "ci", uid: 1, version: "2.330.0" },
  ...{ listener_pids: [], sources: [] },
});

const aStep = {
  ...{ phase: "main", nested: [], action: "__run", kind: "run", uses: null, commit_sha: null },
  ...{ file: null, line: null, certainty: "certain", started_us: now_us },
};

/** A state directory with two runners, of which the first has a job in its second step. */
function aState(t: TestContext, said: Partial<StoredAgent> | null = {}): string {
  const state = scratch(t);
  const db = openForWriting(databaseFile(state));
  const writer = new Writer(db);
  writer.apply(({ agent: agents, runners, jobs, steps }) => {
    if (said) agents.say({ ...agent, ...said });
    const runner = runners.upsert(aRunner("one", "/srv/one"), now_us);
    runners.upsert(aRunner(null, `/srv/${hostile}`), now_us);
    runners.upsert(aRunner("gone", "/srv/gone"), now_us);
    runners.removed("/srv/gone", now_us);
    const worker = { tracer: "one", tracer_job: 1, runner, process_key: 1, pid: 5 };
    const command = { command: "Runner.Worker", started_us: now_us - 90 * second_us };
    const job = jobs.start({ name: "app: CI / build", kind: "runner", ...command, worker });
    steps.set(job, { ...aStep, number: 1, position: 0, name: "Check out", ended_us: now_us });
    steps.set(job, { ...aStep, number: 2, position: 1, name: "Run make", ended_us: null });
    // A traced command is no runner's job.
    jobs.start({ name: "make", kind: "run", ...command });
  });
  db.close();
  return state;
}

test("status tells each runner with its job and the step that it is in", async (t) => {
  const { exit, out } = await jobwarden(["status"], { state: aState(t), running: true });

  const [head, empty, columns, one, other, ...more] = out.trimEnd().split("\n");
  assert.equal(exit, 0);
  assert.deepEqual([head, empty, more], ["protected, since 1 h ago", "", []]);
  assert.match(columns ?? "", /^RUNNER +USER +VERSION +JOB +NOW +FOR$/);
  assert.match(
    one ?? "",
    /^one +ci +2\.330\.0 +1 app: CI \/ build +running, step 2 Run make +1 min 30 s$/,
  );
  assert.match(other ?? "", /^\/srv\/.* ci +2\.330\.0 +idle$/);
  assert.doesNotMatch(out, unsafe);
});

test("status --json is one object: what runs, whole, and no ended step", async (t) => {
  const { exit, out } = await jobwarden(["status", "--json"], { state: aState(t), running: true });

  const [told, ...more] = parsedLines(out) as Record<string, unknown>[];
  assert.deepEqual([exit, more], [0, []]);
  assert.deepEqual([told?.["state"], told?.["agent"]], ["protected", agent]);
  const runners = told?.["runners"] as { name: string | null }[];
  assert.deepEqual(
    runners.map(({ name }) => name),
    ["one", null],
  );
  const jobs = told?.["jobs"] as { name: string; steps: { name: string }[] }[];
  assert.deepEqual(
    jobs.map(({ name, steps }) => [name, steps.map((step) => step.name)]),
    [["app: CI / build", ["Run make"]]],
  );
});

for (const [name, said, running, first, reason] of [
  ["no agent ever ran", null, false, "blind", /^ {2}no agent has ever run here$/],
  ["its agent is gone", {}, false, "blind", /^ {2}no agent runs; the last one was seen 15 s ago$/],
  [
    "its agent is silent",
    { seen_us: now_us - 21 * second_us },
    true,
    "blind",
    /^ {2}the agent \(process 77\) has said nothing since 21 s ago$/,
  ],
  [
    "its agent does not see all",
    { state: "degraded", reasons: [hostile] },
    true,
    "degraded, since 1 h ago",
    /forged/,
  ],
] as const) {
  test(`status of a host where ${name} is not protected, and says why`, async (t) => {
    const state = aState(t, said as Partial<StoredAgent> | null);

    const { exit, out } = await jobwarden(["status"], { state, running });

    const [head, why] = out.split("\n");
    assert.deepEqual([exit, head], [1, first]);
    assert.match(why ?? "", reason);
    assert.doesNotMatch(out, unsafe);
  });
}

test("an agent that spoke just within its time is not silent", async (t) => {
  const state = aState(t, { seen_us: now_us - 20 * second_us });

  assert.equal((await jobwarden(["status"], { state, running: true })).exit, 0);
});
