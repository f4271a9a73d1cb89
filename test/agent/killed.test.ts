import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Database from "better-sqlite3";
import { databaseIn, folder, jobwarden, python, rows, run, start, until } from "./harness.ts";

/** Several databases at the same time, because most of it is waiting. */
const lanes = 3;
const moments = 5;

/** Opens files and starts programs, and says how far it is, until there is a file `stop`. */
const busy = `
import os
print("ready", flush=True)
done = 0
while not os.path.exists("stop"):
    for i in range(50):
        os.close(os.open(f"f{done}", os.O_CREAT | os.O_WRONLY))
        done += 1
    if os.fork() == 0: os._exit(0)
    os.wait()
    print(done, flush=True)
print("stopped", flush=True)
`;

test("jobwarden killed at any moment leaves a whole database and a command that goes on", async (t) => {
  await Promise.all(Array.from({ length: lanes }, () => killAgainAndAgain(t)));
});

async function killAgainAndAgain(t: TestContext): Promise<void> {
  const state = folder(t);
  // Makes the database, so that there is one to look into.
  await run(["true"], { state });

  for (let moment = 0; moment < moments; moment++) {
    const cwd = folder(t);
    const started = start(["run", "--", python, "-c", busy], { state, cwd });
    await started.printed("ready");
    const wanted = Math.floor(Math.random() * 40) * 50;
    // Half of the moments by what was done, half by what is stored.
    if (moment % 2 === 0) await started.printed(`\n${wanted + 50}\n`);
    else await until(() => storedOfLast(state) >= wanted, started);
    const before = storedOfLast(state);
    process.kill(started.pid, "SIGKILL");
    const killedAt = progress(started.text());
    await started.printed(`\n${killedAt + 200}\n`);
    const after = storedOfLast(state);
    writeFileSync(join(cwd, "stop"), "");
    const { signal, out } = await started.ended;

    assert.equal(signal, "SIGKILL");
    assert.match(out.toString(), /\nstopped\n$/);
    assert.ok(after >= before, `${before} were stored, then ${after}`);
    assert.deepEqual(rows(state, "PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
    assert.deepEqual(rows(state, disagreement), []);
  }

  const next = await run(["true"], { state });
  assert.deepEqual([next.exit, next.err], [0, ""]);
  const states = rows<{ state: string }>(state, "SELECT state FROM job ORDER BY id");
  const expected = ["ended", ...Array(moments).fill("interrupted"), "ended"];
  assert.deepEqual(
    states.map(({ state }) => state),
    expected,
  );
  const shown = await jobwarden(["show", "2"], { state });
  assert.match(shown.out.toString(), /end +interrupted/);
  assert.match(shown.out.toString(), /incomplete: the tracing was interrupted/);
}

/** Kinds of which a job's count is not that of its rows. */
const disagreement = `
  SELECT job, kind FROM event_count AS c
   WHERE kind = 'process_fork' AND stored <> (SELECT count(*) FROM process_fork WHERE job = c.job)
      OR kind = 'file_open' AND stored <> (SELECT count(*) FROM file_open WHERE job = c.job)`;

/** Events of the newest job that are stored. */
function storedOfLast(state: string): number {
  const db = new Database(databaseIn(state), { readonly: true });
  try {
    const sql = `SELECT coalesce(sum(stored), 0) FROM event_count
                  WHERE job = (SELECT max(id) FROM job)`;
    return db.prepare<[], number>(sql).pluck().get() ?? 0;
  } finally {
    db.close();
  }
}

const progress = (out: string): number => Number(/(\d+)\n[^\n]*$/.exec(out)?.[1] ?? 0);

test("two runs at the same time on one database are both whole", async (t) => {
  const state = folder(t);
  const times = 3000;
  const act = `i=0; while [ $i -lt ${times} ]; do i=$((i+1)); : >f$i; done`;
  const runs = [folder(t), folder(t)].map((cwd) =>
    jobwarden(["run", "--quiet", "--", "sh", "-c", act], { state, cwd }),
  );

  const ended = await Promise.all(runs);

  assert.deepEqual(
    ended.map(({ exit, err }) => [exit, err]),
    [
      [0, ""],
      [0, ""],
    ],
  );
  const jobs = rows(
    state,
    `SELECT complete, survivors,
            (SELECT sum(count) FROM file_open WHERE job = j.id AND created = 1) AS made,
            (SELECT count(*) FROM process WHERE job = j.id) AS processes,
            (SELECT count(*) FROM loss WHERE job = j.id) AS losses
       FROM job AS j ORDER BY id`,
  );
  const whole = { complete: 1, survivors: 0, made: times, processes: 1, losses: 0 };
  assert.deepEqual(jobs, [whole, whole]);
  const directories = rows(
    state,
    `SELECT DISTINCT job, substr(path, 1, length(path) - length(ltrim(replace(path, '/f', '/')))) AS x
       FROM file_open_view WHERE path LIKE '%/f1' ORDER BY job`,
  );
  assert.equal(directories.length, 2);
});
