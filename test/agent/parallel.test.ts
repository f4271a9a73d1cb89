import assert from "node:assert/strict";
import { test } from "node:test";
import { anAgent, aRunner, workflow } from "./agent_harness.ts";
import { compare, truthOf } from "./truth.ts";

test("eight jobs of four runners at once, 20,000 processes: none is in a wrong job or step", async (t) => {
  const agent = await anAgent(t, "rings: { rare_mib: 64, bulk_mib: 64 }");
  const names = ["runner-1", "runner-2", "runner-3", "runner-4"];
  const runners = await Promise.all(names.map((name) => aRunner(t, agent, name)));
  const legs = runners.flatMap((runner, i) => [
    { runner, matrix: { job: 2 * i + 1 } },
    { runner, matrix: { job: 2 * i + 2 } },
  ]);

  // A runner has one job at a time: two after each other on each of the four.
  const play = async (from: typeof legs) => {
    const truths: string[] = [];
    for (const { runner, matrix } of from) {
      const job = { workflow: workflow("busy"), job: "busy", matrix };
      const { truth, result } = await runner.runJob(job);
      assert.equal(result, "Succeeded");
      truths.push(truth);
    }
    return truths;
  };
  const byRunner = runners.map((runner) => play(legs.filter((leg) => leg.runner === runner)));
  const truths = (await Promise.all(byRunner)).flat();
  await agent.ended(8);

  const jobs = agent.rows<{ id: number; worker_pid: number; complete: number }>(
    "SELECT id, worker_pid, complete FROM job ORDER BY id",
  );
  assert.deepEqual(
    jobs.map(({ complete }) => complete),
    jobs.map(() => 1),
  );
  let processes = 0;
  for (const truth of truths) {
    const [told] = truthOf(truth) as unknown as readonly { readonly worker_pid: number }[];
    const job = jobs.find(({ worker_pid }) => worker_pid === told?.worker_pid);
    assert.ok(job, `no job of Worker ${told?.worker_pid}`);
    const { compared, unknown } = compare(agent, job.id, truth);
    assert.ok(compared > 60, `${compared}`);
    assert.deepEqual(unknown, []);
    const [count] = agent.rows<{ n: number }>(
      `SELECT count(*) AS n FROM process WHERE job = ${job.id}`,
    );
    processes += count?.n ?? 0;
  }
  assert.ok(processes >= 20_000, `${processes} processes`);
  // Each true is below the shell of its own job's step.
  const strangers = agent.rows(`
    SELECT p.id FROM process AS p JOIN process AS parent ON parent.id = p.parent
     WHERE p.job <> parent.job OR p.step_key = 0 AND parent.step_key <> 0`);
  assert.deepEqual(strangers, []);
});
