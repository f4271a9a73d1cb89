import assert from "node:assert/strict";
import { test } from "node:test";
import { anAgent, aRunner, workflow } from "./agent_harness.ts";
import { jobwarden, parsed } from "./harness.ts";
import { compare } from "./truth.ts";

const shells = { workflow: workflow("shells"), job: "shells" };

interface JobRow {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly result: string;
  readonly complete: number;
  readonly survivors: number;
}
const jobRows = "SELECT id, name, state, result, complete, survivors FROM job ORDER BY id";

test("a job is known by itself, from its Worker's exec to its result, and by name", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent, "runner-1", { hooks: false });

  const outcome = await runner.runJob({ ...shells, repository: "octo/hello" });
  await agent.ended(1);

  const [job] = agent.rows<JobRow>(jobRows);
  assert.deepEqual(job, {
    id: 1,
    name: "octo/hello: Shells / shells",
    state: "ended",
    result: "succeeded",
    complete: 1,
    survivors: 0,
  });
  const [worker] = agent.rows<{ pid: number; exit_code: number }>(
    "SELECT pid, exit_code FROM process WHERE process_key = (SELECT worker_key FROM job)",
  );
  assert.deepEqual(worker, { pid: outcome.worker_pid, exit_code: 100 });
  // The Worker itself loads its program first: nothing of it came before the record.
  const [first] = agent.rows<{ path: string }>(
    "SELECT path FROM process_exec_view ORDER BY id LIMIT 1",
  );
  assert.match(first?.path ?? "", /\/runner-1\/bin\/Runner\.Worker$/);
});

test("what is claimed about a job agrees with the job, by every source", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent);

  const event_payload = { pull_request: { number: 7, head: { sha: "c".repeat(40) } } };
  await runner.runJob({ ...shells, event: "pull_request", event_payload });
  await agent.ended(1);

  const { out } = await jobwarden(["show", "1", "--json"], { state: agent.state });
  const claims = parsed(out)[0]?.["claims"] as Record<string, string>[];
  const of = (field: string): string[] => [
    ...new Set(
      claims.filter((claim) => claim["field"] === field).map((claim) => claim["value"] ?? ""),
    ),
  ];
  assert.deepEqual(of("repository"), ["octo/hello"]);
  assert.deepEqual(of("workflow"), ["Shells"]);
  assert.deepEqual(of("job_key"), ["shells"]);
  assert.deepEqual(of("event"), ["pull_request"]);
  assert.deepEqual(of("runner_name"), ["runner-1"]);
  assert.deepEqual(of("head_sha"), ["c".repeat(40)]);
  assert.equal(of("check_run_id").length, 1);
  const sources = new Set(claims.map((claim) => claim["source"]));
  // The commit that the action's ref was resolved to, which only the Worker's log has.
  const actions = agent.rows<{ uses: string; commit_sha: string }>(
    "SELECT DISTINCT uses, commit_sha FROM step WHERE uses IS NOT NULL",
  );
  assert.deepEqual(
    actions.map(({ uses, commit_sha }) => [uses, /^[0-9a-f]{40}$/.test(commit_sha)]),
    [["actions/checkout@v4", true]],
  );
  assert.deepEqual([...sources].sort(), [
    "environment",
    "event_file",
    "job_message",
    "runner_files",
  ]);
});

test("a failing job, a killed Worker and one whose Listener has died end as they did", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent, "runner-1");
  const failing = await runner.runJob({ workflow: workflow("conditions"), job: "conditions" });
  const waits = { workflow: workflow("orphans"), job: "waits" };
  const killed = await runner.startJob(waits);
  await agent.until<{ n: number }>(
    "SELECT count(*) AS n FROM step WHERE name = 'waits' AND job = 2",
    ([row]) => row?.n === 1,
  );
  process.kill(killed.worker_pid, "SIGKILL");
  await killed.outcome;
  await agent.ended(2);

  const other = await aRunner(t, agent, "runner-2");
  const orphan = await other.startJob(waits);
  await agent.until<{ n: number }>(
    "SELECT count(*) AS n FROM step WHERE name = 'waits' AND job = 3",
    ([row]) => row?.n === 1,
  );
  await other.killListener();
  process.kill(orphan.worker_pid, "SIGKILL");
  await agent.ended(3);

  const rows = agent.rows<JobRow>(jobRows);
  assert.equal(failing.result, "Failed");
  assert.deepEqual(
    rows.map(({ result, complete }) => [result, complete]),
    [
      ["failed", 1],
      ["crashed", 1],
      ["crashed", 1],
    ],
  );
  // The step's shell waits at a pipe that nobody opens any more: it outlives the killed Worker.
  await agent.until<{ job: number }>(
    "SELECT DISTINCT job FROM residue WHERE kind = 'process' ORDER BY job",
    (left) => left.map(({ job }) => job).join() === "2,3",
  );
});

test("a runner that updates itself between two jobs is followed into its new directory", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent);
  await runner.runJob(shells);

  await runner.selfUpdate("2.999.0");
  const { truth } = await runner.runJob(shells);
  await agent.ended(2);

  assert.ok(compare(agent, 2, truth).compared > 0);
  const programs = agent.rows<{ path: string }>(
    "SELECT path FROM process_exec_view WHERE path LIKE '%/Runner.Worker' ORDER BY id",
  );
  assert.deepEqual(
    programs.map(({ path }) => path.split("/").slice(-2).join("/")),
    ["bin/Runner.Worker", "bin.2.999.0/Runner.Worker"],
  );
});

test("runners that come while the agent runs are followed, and those that go are not", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent, "runner-5");

  const before = parsed((await jobwarden(["status", "--json"], { state: agent.state })).out)[0];
  await runner.stop();

  const runners = before?.["runners"] as Record<string, unknown>[];
  assert.deepEqual(
    runners.map(({ name, root, state }) => ({ name, root, state })),
    [{ name: "runner-5", root: runner.root, state: "present" }],
  );
});

test("status and jobs show the step that a job is in, while it is in it", async (t) => {
  const agent = await anAgent(t);
  const runner = await aRunner(t, agent);
  const running = await runner.startJob({ workflow: workflow("orphans"), job: "waits" });
  await agent.until<{ n: number }>(
    "SELECT count(*) AS n FROM step WHERE name = 'waits'",
    ([row]) => row?.n === 1,
  );

  const status = await jobwarden(["status"], { state: agent.state });
  const jobs = await jobwarden(["jobs"], { state: agent.state });
  process.kill(running.worker_pid, "SIGKILL");

  assert.equal(status.exit, 0, status.err);
  assert.match(status.out.toString(), /^protected, since /);
  assert.match(
    status.out.toString(),
    /runner-1 .* 1 octo\/hello: Orphans \/ waits +running, step 1 waits/,
  );
  assert.match(jobs.out.toString(), /octo\/hello: Orphans \/ waits .*running, step 1 waits/);
});
