import assert from "node:assert/strict";
import { test } from "node:test";
import type { JobEvent } from "../../src/events/index.ts";
import { header } from "../../src/events/schema.ts";
import { definitions } from "../../src/store/event_tables.ts";
import { Reader } from "../../src/store/reader.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, event, hostile, process, someTime, store } from "./sample.ts";

const longArgs = ["sh", "-c", "x".repeat(131_072), "", hostile, "\ud800"];
const full = {
  u16: 65_535,
  u32: 4_294_967_295,
  u64: 2 ** 53 - 1,
  endpoint: "[2001:db8::ffff:1]:65535",
  text: `@${hostile}`,
  path: `/${hostile}`,
  args: longArgs,
  bytes: Buffer.alloc(0),
} as const;

for (const definition of definitions) {
  test(`${definition.name} comes back as it went in, at the limits of its fields`, (t) => {
    const { db } = store(t);
    const writer = new Writer(db);
    const job = writer.startJob(aJob);
    const values = Object.entries(definition.fields).map(([name, { kind, words }]) => [
      name,
      kind === "choice" ? words?.at(-1) : full[kind],
    ]);
    const zero = Object.fromEntries(
      Object.entries({ ...header, ...definition.fields }).map(([name, { zero }]) => [name, zero]),
    );
    const shared = { event: definition.name, event_id: definition.id, job, process_key: 77 };
    const least = { ...zero, ...shared };
    const most = {
      ...least,
      ...{ flags: 65_535, time_us: someTime, thread_id: 4_194_304 },
      ...Object.fromEntries(values),
    };

    writer.begin();
    const row = writer.addProcess(job, process(77));
    // More than are inserted at once, and some left over.
    const sent = Array.from({ length: 37 }, (_, i) => (i % 2 ? most : least) as JobEvent);
    const ids = sent.map((one) => writer.addEvent(one, job, row));
    writer.commit();

    const reader = new Reader(db);
    const stored = [...reader.events(reader.job(job))];
    assert.deepEqual(
      stored.map(({ event }) => event),
      sent,
    );
    assert.deepEqual(
      stored.map(({ id }) => id),
      ids,
    );
    assert.deepEqual([stored[0]?.pid, stored[0]?.process, stored[0]?.count], [1077, row, 1]);
  });
}

test("half of a surrogate pair in a text comes back as U+FFFD", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);

  writer.begin();
  writer.addEvent(event("file_open", { path: "/a\ud800b" }), job, 0);
  writer.addEvent(event("file_open", { path: "/a\ufffdb" }), job, 0);
  writer.commit();

  assert.deepEqual(db.prepare("SELECT value FROM text WHERE id > 0 ORDER BY id").pluck().all(), [
    "/a\ufffdb",
  ]);
});

test("a number that SQLite cannot hold is kept as the largest that it can", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);

  writer.begin();
  writer.addEvent(event("file_open", { inode: 2 ** 64 }), job, 0);
  writer.addEvent(event("file_open", { inode: 2 ** 63 }), job, 0);
  writer.addEvent(event("file_open", { inode: 2 ** 62 }), job, 0);
  writer.commit();

  const inodes = db.prepare("SELECT inode FROM file_open ORDER BY id").pluck().all();
  assert.deepEqual(inodes, [2 ** 63 - 1024, 2 ** 63 - 1024, 2 ** 62]);
});

test("events of several kinds and jobs are read apart, each in the order of processing", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [one, two] = [writer.startJob(aJob), writer.startJob(aJob)];
  const expected: number[] = [];

  for (let batch = 0; batch < 10; batch++) {
    writer.begin();
    for (let i = 0; i < 700; i++) {
      const mine = event(i % 3 === 0 ? "process_fork" : "file_open");
      expected.push(writer.addEvent(mine, one, 0));
      writer.addEvent(event("file_unlink"), two, 0);
    }
    writer.commit();
  }

  const reader = new Reader(db);
  const ids = [...reader.events(reader.job(one))].map(({ id }) => id);
  assert.deepEqual(ids, expected);
  const others = [...reader.events(reader.job(two))];
  assert.equal(others.length, 7000);
  assert.ok(others.every(({ event }) => event.event === "file_unlink"));
});

test("events are filtered by kind, by process id and by time, and by all of them", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  writer.begin();
  const [a, b] = [writer.addProcess(job, process(1)), writer.addProcess(job, process(2))];
  const ids = [a, b].flatMap((row) =>
    [1, 2].flatMap((time_us) => [
      writer.addEvent(event("file_open", { time_us }), job, row),
      writer.addEvent(event("file_unlink", { time_us }), job, row),
    ]),
  );
  writer.commit();
  const reader = new Reader(db);
  const found = (filter: Parameters<Reader["events"]>[1]) =>
    [...reader.events(reader.job(job), filter)].map(({ id }) => ids.indexOf(id));

  assert.deepEqual(found({ kinds: ["file_unlink"] }), [1, 3, 5, 7]);
  assert.deepEqual(found({ pid: 1002 }), [4, 5, 6, 7]);
  assert.deepEqual(found({ since_us: 2 }), [2, 3, 6, 7]);
  assert.deepEqual(found({ kinds: ["file_open"], pid: 1001, since_us: 2 }), [2]);
  assert.deepEqual(found({ kinds: [] }), []);
});

test("a job without events has none to read", (t) => {
  const { db } = store(t);
  const job = new Writer(db).startJob(aJob);
  const reader = new Reader(db);

  assert.deepEqual([...reader.events(reader.job(job))], []);
});
