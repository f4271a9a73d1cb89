import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { folder, jobwarden, parsed, rows } from "./harness.ts";

const smallest = { JOBWARDEN_RING_BYTES: "4096" };
/** Opens a file so many times; the shell then puts standard output back: two duplications each. */
const flood = (times: number, file: string) =>
  `i=0; while [ $i -lt ${times} ]; do i=$((i+1)); : >${file}; done`;

test("what is stored and what is lost are together exactly what was done", async (t) => {
  const times = 20_000;
  const { done: without } = await flooded(t, 0, "f$i", {});

  const { done, lost, err, state } = await flooded(t, times, "f$((i%97))", smallest);

  assert.equal(done.get("file_open"), (without.get("file_open") ?? 0) + times);
  assert.equal(done.get("descriptor_duplicate"), 2 * times);
  assert.equal(done.get("process_exec"), 1);
  assert.equal(done.get("process_exit"), 1);
  const total = [...lost.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(total > 0, "nothing was lost, so nothing is shown by this");
  const numbers = [...lost].sort((a, b) => b[1] - a[1]).map(([kind, n]) => `${kind} ${grouped(n)}`);
  assert.match(err, new RegExp(`record +incomplete: ${grouped(total)} events lost`));
  for (const number of numbers) assert.ok(err.includes(number), `${number} in ${err}`);
  assert.deepEqual(rows(state, "SELECT complete FROM job"), [{ complete: 0 }]);
  const shown = await jobwarden(["show", "last"], { state });
  assert.match(
    shown.out.toString(),
    new RegExp(`record +incomplete: ${grouped(total)} events lost`),
  );
  const [json] = parsed((await jobwarden(["show", "last", "--json"], { state })).out);
  assert.equal(json?.["complete"], false);
});

test("repetitions count as events, and none is lost when the rings are large enough", async (t) => {
  const times = 20_000;
  const { done: without } = await flooded(t, 0, "same", {});

  const { done, lost, state } = await flooded(t, times, "same", {});

  assert.deepEqual([...lost], []);
  assert.equal(done.get("file_open"), (without.get("file_open") ?? 0) + times);
  const same =
    "SELECT count(*) AS rows, sum(count) AS opens FROM file_open_view WHERE path LIKE '%/same'";
  // The first one makes the file, which is another thing to have done.
  assert.deepEqual(rows(state, same), [{ rows: 2, opens: times }]);
});

test("a program start that finds no room is one lost event, and the rest is there", async (t) => {
  const state = folder(t);
  const cwd = folder(t);
  const long = "x".repeat(100_000);

  await jobwarden(["run", "--", "sh", "-c", ": >one; mv one two", long], {
    state,
    cwd,
    env: smallest,
  });

  const [exec] = rows<{ lost: number }>(state, "SELECT lost FROM loss WHERE kind = 'process_exec'");
  const execs = rows(state, "SELECT id FROM process_exec");
  assert.equal((exec?.lost ?? 0) + execs.length, 2);
  assert.ok((exec?.lost ?? 0) >= 1);
  const exits = rows<{ n: number }>(
    state,
    "SELECT sum(happened) AS n FROM event_count WHERE kind = 'process_exit'",
  );
  assert.deepEqual(exits, [{ n: 2 }]);
  assert.equal(rows(state, "SELECT id FROM file_rename").length, 1);
});

test("a ring of an impossible size is refused before anything runs", async (t) => {
  const state = folder(t);
  const env = { JOBWARDEN_RING_BYTES: "5000" };

  const { exit, out, err } = await jobwarden(["run", "--", "echo", "ran"], { state, env });

  assert.deepEqual([exit, out.toString()], [2, ""]);
  assert.equal(
    err,
    "jobwarden: JOBWARDEN_RING_BYTES is 5000, not a power of two from 4096 to 1073741824.\n",
  );
});

/** Runs a flood; gives for each kind what was lost, and what was stored and lost together. */
async function flooded(
  t: TestContext,
  times: number,
  file: string,
  env: Readonly<Record<string, string>>,
) {
  const state = folder(t);
  const cwd = folder(t);
  const argv = ["run", "--", "sh", "-c", flood(times, file)];
  const { err, exit } = await jobwarden(argv, { state, cwd, env });
  assert.equal(exit, 0, err);
  const losses = rows<{ kind: string; lost: number }>(state, "SELECT kind, lost FROM loss");
  const lost = new Map(losses.map(({ kind, lost }) => [kind, lost]));
  const done = new Map(lost);
  const counts = "SELECT kind, happened FROM event_count";
  for (const { kind, happened } of rows<{ kind: string; happened: number }>(state, counts)) {
    done.set(kind, (done.get(kind) ?? 0) + happened);
  }
  return { state, err, lost, done };
}

const grouped = (count: number): string => count.toLocaleString("en-US");
