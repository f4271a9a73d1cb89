import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { aBareRunner, BareRunner } from "./bare_runner.ts";
import { until } from "./harness.ts";

const kills = 100;

/** Starts, and opens one of five files, again and again; says how often. */
const busy = `i=0
while [ -d "$PWD" ] && [ ! -e stop ]; do
  /bin/true
  : >file$((i % 5))
  i=$((i + 1))
done
echo $i >count
exit 100`;

interface Numbers {
  readonly forks: number;
  readonly execs: number;
  readonly exits: number;
  readonly processes: number;
  readonly ended: number;
  readonly opens: number;
  readonly opens_of_true: number;
  readonly lost_opens: number;
  readonly lost_others: number;
}

const numbers = `
  SELECT (SELECT count(*) FROM process_fork) AS forks,
         (SELECT count(*) FROM process_exec_view WHERE path LIKE '%/bin/true') AS execs,
         (SELECT count(*) FROM process_exit) AS exits,
         (SELECT count(*) FROM process) AS processes,
         (SELECT count(*) FROM process WHERE ended_us IS NOT NULL) AS ended,
         (SELECT sum(count) FROM file_open_view WHERE path GLOB '*/runner-1/file[0-9]') AS opens,
         (SELECT sum(count) FROM file_open_view WHERE process_path LIKE '%/bin/true') AS opens_of_true,
         (SELECT coalesce(sum(lost), 0) FROM loss WHERE kind = 'file_open') AS lost_opens,
         (SELECT coalesce(sum(lost), 0) FROM loss WHERE kind <> 'file_open') AS lost_others`;

test(`an agent that is killed ${kills} times in a busy job loses nothing uncounted`, async (t) => {
  const [agent, runner] = await aBareRunner(t);
  const ended = runner.start(busy);
  await until(() => existsSync(join(runner.root, "file4")));

  for (let kill = 0; kill < kills; kill++) {
    // At any time of its life: while it loads, takes over, replays, and while it runs.
    await pause((kill * 37) % 700);
    await agent.kill();
    agent.launch();
  }
  writeFileSync(join(runner.root, "stop"), "");
  await ended;
  await agent.ended(1);

  const times = Number(readFileSync(join(runner.root, "count"), "utf8"));
  const [found] = agent.rows<Numbers>(numbers);
  assert.ok(found);
  const { opens, lost_opens, opens_of_true, ...counted } = found;
  assert.deepEqual(counted, {
    forks: times,
    execs: times,
    exits: times + 1,
    processes: times + 1,
    ended: times + 1,
    lost_others: 0,
  });
  // Repetitions that were in memory only are lost with it, and said to be.
  assert.equal(opens + lost_opens, times);
  const [one] = agent.rows<{ n: number }>(`
    SELECT sum(count) AS n FROM file_open_view
     WHERE process_pid = (SELECT pid FROM process_view WHERE path LIKE '%/bin/true'
                           ORDER BY id DESC LIMIT 1)`);
  assert.equal(opens_of_true, (one?.n ?? 0) * times);
  const jobs = agent.rows("SELECT state, result, complete FROM job");
  const complete = lost_opens === 0 ? 1 : 0;
  assert.deepEqual(jobs, [{ state: "ended", result: "succeeded", complete }]);
});

test("a job that begins and ends while no agent runs is there when one does", async (t) => {
  const [agent, runner] = await aBareRunner(t);
  assert.equal(await agent.stop(), 0);

  await runner.start("/bin/true; exit 102");
  await agent.restart();
  await agent.ended(1);

  const jobs = agent.rows("SELECT state, result, complete FROM job");
  assert.deepEqual(jobs, [{ state: "ended", result: "failed", complete: 1 }]);
  const [found] = agent.rows<Numbers>(numbers);
  assert.deepEqual([found?.forks, found?.execs, found?.exits], [1, 1, 2]);
});

test("a job whose programs were taken out of the kernel is interrupted, and its rest is another", async (t) => {
  const [agent, runner] = await aBareRunner(t);
  const ended = runner.start(busy);
  await until(() => existsSync(join(runner.root, "file4")));
  await agent.stop();
  await agent.unload();

  await agent.restart();
  writeFileSync(join(runner.root, "stop"), "");
  await ended;
  await runner.start("/bin/true; exit 100");
  await agent.ended(2);

  const jobs = agent.rows("SELECT state, result, complete FROM job ORDER BY id");
  assert.deepEqual(jobs, [
    { state: "interrupted", result: null, complete: 0 },
    { state: "ended", result: "succeeded", complete: 0 },
    { state: "ended", result: "succeeded", complete: 1 },
  ]);
});

test("two Workers in the same second are two jobs", async (t) => {
  const [agent, runner] = await aBareRunner(t);
  const other = new BareRunner(agent, "runner-2");
  await agent.logged('"name":"runner-2"');

  await Promise.all([runner.start("/bin/true; exit 100"), other.start("/bin/true; exit 102")]);
  await runner.start("/bin/true; exit 101");
  await agent.ended(3);

  const jobs = agent.rows<{ result: string; processes: number }>(`
    SELECT result, (SELECT count(*) FROM process WHERE job = j.id) AS processes
      FROM job AS j ORDER BY result`);
  assert.deepEqual(jobs, [
    { result: "failed", processes: 2 },
    { result: "succeeded", processes: 2 },
    { result: "succeeded_with_issues", processes: 2 },
  ]);
});

test("a job that forks and ends at once leaves its survivor in the job", async (t) => {
  const [agent, runner] = await aBareRunner(t);

  await runner.start("mkfifo gate; (trap '' HUP; read _ <gate) & exit 100");
  await agent.until<{ n: number }>(
    "SELECT count(*) AS n FROM residue WHERE kind = 'process'",
    ([row]) => row?.n === 1,
  );
  // What it left is still the job's for an agent that has not seen the job.
  await agent.kill();
  await agent.restart();
  writeFileSync(join(runner.root, "gate"), "\n");
  await agent.until<{ n: number }>(
    "SELECT count(*) AS n FROM process WHERE ended_us IS NULL",
    ([row]) => row?.n === 0,
  );

  const jobs = agent.rows("SELECT state, result, survivors FROM job");
  assert.deepEqual(jobs, [{ state: "ended", result: "succeeded", survivors: 1 }]);
  const [found] = agent.rows<Numbers>(numbers);
  assert.deepEqual([found?.forks, found?.exits, found?.processes], [2, 3, 3]);
});
