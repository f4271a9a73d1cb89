import assert from "node:assert/strict";
import { test } from "node:test";
import { openForWriting } from "../../src/store/open.ts";
import { Reader } from "../../src/store/reader.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, event, finding, process, store, withCode } from "./sample.ts";

test("event ids rise over all kinds and go on after the database is opened again", (t) => {
  const { db, path } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  writer.begin();
  const first = [
    writer.addEvent(event("file_open"), job, 0),
    writer.addEvent(event("process_fork"), job, 0),
  ];
  writer.commit();
  db.close();

  const again = openForWriting(path);
  t.after(() => again.close());
  const next = new Writer(again);
  next.begin();
  const second = next.addEvent(event("file_open"), job, 0);
  next.commit();

  assert.deepEqual([...first, second], [1, 2, 3]);
});

test("folding adds to the count of a row of this batch and of an earlier one", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);

  writer.begin();
  const id = writer.addEvent(event("file_open", { time_us: 10 }), job, 0);
  writer.fold("file_open", id, 2, 30);
  writer.commit();
  writer.begin();
  writer.fold("file_open", id, 4, 20);
  writer.commit();

  const reader = new Reader(db);
  const [stored] = reader.events(reader.job(job));
  assert.deepEqual([stored?.count, stored?.event.time_us, stored?.last_us], [7, 10, 30]);
  assert.deepEqual(reader.eventCounts(reader.job(job)), [
    { kind: "file_open", stored: 1, happened: 7 },
  ]);
});

test("a batch that is rolled back leaves nothing, not even its texts in memory", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  writer.begin();
  for (let i = 0; i < 20; i++) writer.addEvent(event("file_open", { path: "/gone" }), job, 0);
  writer.addProcess(job, process(1));
  writer.addFinding(finding(job));
  writer.addLoss(job, "file_open", 3);
  writer.rollback();

  writer.begin();
  const id = writer.addEvent(event("file_open", { path: "/gone" }), job, 0);
  writer.commit();

  const reader = new Reader(db);
  const stored = [...reader.events(reader.job(job))].map((one) => [one.id, one.event]);
  assert.deepEqual(stored, [[id, event("file_open", { job, path: "/gone" })]]);
  assert.equal(id, 1);
  assert.equal(db.prepare("SELECT count(*) FROM file_open").pluck().get(), 1);
  assert.deepEqual(reader.processes(reader.job(job)), []);
  assert.deepEqual(reader.findings(), []);
  assert.deepEqual(reader.losses(reader.job(job)), []);
  assert.deepEqual(reader.eventCounts(reader.job(job)), [
    { kind: "file_open", stored: 1, happened: 1 },
  ]);
});

test("a full disk rolls the batch back, is said, and the writer goes on when there is room", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  const pages = Number(db.pragma("page_count", { simple: true }));
  db.pragma(`max_page_count = ${pages + 10}`);
  const fill = (events: number): void => {
    writer.begin();
    for (let i = 0; i < events; i++) {
      writer.addEvent(event("file_open", { path: `/${"x".repeat(500)}${i}` }), job, 0);
    }
    writer.commit();
  };

  assert.throws(
    () => fill(1000),
    withCode("STATE_UNWRITABLE", /jobwarden\.db: .*full \(SQLITE_FULL\); make room/),
  );
  db.pragma("max_page_count = 1000000");
  fill(3);

  const reader = new Reader(db);
  assert.deepEqual(
    [...reader.events(reader.job(job))].map(({ id }) => id),
    [1, 2, 3],
  );
});

test("what a batch needs is refused outside of one, and a batch within another", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);

  assert.throws(() => writer.addEvent(event("file_open"), job, 0), /addEvent outside of a batch/);
  assert.throws(() => writer.addProcess(job, process(1)), /addProcess outside of a batch/);
  assert.throws(() => writer.commit(), /commit outside of a batch/);
  writer.begin();
  assert.throws(() => writer.begin(), /begin within a batch/);
  writer.rollback();
});

test("a fold into nothing, or of a kind that is never folded, is a mistake", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  writer.begin();

  assert.throws(() => writer.fold("file_open", 99, 1, 1), /there is no file_open 99 to fold into/);
  assert.throws(() => writer.fold("process_fork", 1, 1, 1), /process_fork is never folded/);
  writer.rollback();
});

test("a job's range holds its events' ids, from its first batch to its last", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [one, two] = [writer.startJob(aJob), writer.startJob(aJob)];
  for (const job of [one, two, two, one]) {
    writer.begin();
    writer.addEvent(event("file_open"), job, 0);
    writer.addEvent(event("file_open"), job, 0);
    writer.commit();
  }

  const reader = new Reader(db);
  const ranges = [one, two].map((job) => {
    const { first_event, last_event } = reader.job(job);
    return [first_event, last_event];
  });
  assert.deepEqual(ranges, [
    [1, 8],
    [3, 6],
  ]);
});
