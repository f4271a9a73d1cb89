import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader } from "../../src/store/reader.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, hostile, someTime, store, withCode } from "./sample.ts";

const agent = { host: "h", boot_id: "b", agent_pid: 42, version: "0.1.0" };
const end = {
  ended_us: someTime + 5,
  exit_code: 137,
  signal: "SIGKILL",
  complete: true,
  survivors: 2,
};

test("a job runs until it is ended, and says by whom it was written", (t) => {
  const { db } = store(t);
  const writer = new Writer(db, agent);
  const reader = new Reader(db);
  const id = writer.startJob({ ...aJob, name: hostile, command: hostile });
  const running = reader.job(id);

  writer.endJob(id, end);

  const expected = {
    id,
    name: hostile,
    kind: "run",
    command: hostile,
    state: "running",
    started_us: someTime,
    ended_us: null,
    exit_code: null,
    signal: null,
    first_event: null,
    last_event: null,
    complete: false,
    survivors: 0,
    ...{ tracer: "", tracer_job: 0, runner: null, worker_key: 0, worker_pid: 0, result: null },
    ...agent,
  };
  assert.deepEqual(running, expected);
  assert.deepEqual(reader.job(id), { ...expected, ...end, state: "ended" });
});

test("jobs that no writer ended are listed, until they are said to be interrupted", (t) => {
  const { db } = store(t);
  const writer = new Writer(db, agent);
  const reader = new Reader(db);
  const [one, two] = [writer.startJob(aJob), writer.startJob(aJob)];
  writer.endJob(one, end);

  assert.deepEqual(
    reader.runningJobs().map(({ id }) => id),
    [two],
  );
  writer.endJob(two, {
    ...end,
    exit_code: null,
    signal: null,
    complete: false,
    state: "interrupted",
  });
  assert.deepEqual(reader.runningJobs(), []);
  assert.equal(reader.job(two).state, "interrupted");
});

test("a job is found by its id, as the last, or by the newest of its name", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const reader = new Reader(db);
  const ids = ["a", "b", "a", "c", "1"].map((name) => writer.startJob({ ...aJob, name }));

  const found = [ids[1]!, String(ids[1]), "last", "a", "1"].map((which) => reader.job(which).id);

  assert.deepEqual(found, [ids[1], ids[1], ids[4], ids[2], ids[0]]);
  assert.deepEqual(
    reader.jobs(2).map(({ id }) => id),
    [ids[4], ids[3]],
  );
  assert.equal(reader.jobs().length, 5);
});

test("a job that is not there is said, with what is", (t) => {
  const { db } = store(t);
  const reader = new Reader(db);

  assert.throws(
    () => reader.job("last"),
    withCode("NOT_FOUND", /no job last in .*there is no job/),
  );
  new Writer(db).startJob(aJob);
  assert.throws(() => reader.job("x"), withCode("NOT_FOUND", /no job x in .*newest job is 1/));
});

test("to end a job that is not there is a mistake", (t) => {
  const { db } = store(t);

  assert.throws(() => new Writer(db).endJob(9, end), /there is no job 9 to end/);
});
