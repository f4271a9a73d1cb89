import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { defineEvent, text, u32 } from "../../src/events/schema.ts";
import { definitions } from "../../src/store/event_tables.ts";
import { type Migration, makeCurrent, migrate } from "../../src/store/migrate.ts";
import { migrations, openForReading, openForWriting } from "../../src/store/open.ts";
import { Reader } from "../../src/store/reader.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, event, scratch, store } from "./sample.ts";

const ways = [[{ program: "p", on: "tp_btf/x (Linux 5.5)" }]] as const;
const small = defineEvent({
  id: 900,
  name: "thing_done",
  doc: "A thing was done.",
  ring: "rare",
  ways,
  fields: { before: u32("A number.") },
});
const grown = defineEvent({
  ...small,
  fold: true,
  fields: { ...small.fields, after: u32("Another."), reason: text("A text.") },
});

test("a field that is added to an event becomes a column, empty in the rows before it", (t) => {
  const { db } = store(t);
  makeCurrent(db, [...definitions, small]);
  db.exec(`
    INSERT INTO job (id, name, kind, command, state, started_us, first_event, last_event, complete,
                     survivors, host, boot_id, agent_pid, version)
    VALUES (1, 'a', 'run', 'c', 'ended', 1, 1, 1, 1, 0, '', '', 0, '')
  `);
  db.exec("INSERT INTO thing_done (id, job, time_us, before) VALUES (1, 1, 1000000, 5)");

  makeCurrent(db, [...definitions, grown]);

  assert.deepEqual(db.prepare("SELECT * FROM thing_done").get(), {
    id: 1,
    job: 1,
    process: 0,
    thread_id: 0,
    time_us: 1_000_000,
    flags: 0,
    before: 5,
    count: 1,
    last_us: 0,
    after: 0,
    reason: 0,
  });
  assert.deepEqual(db.prepare("SELECT after, reason, last_time FROM thing_done_view").get(), {
    after: 0,
    reason: "",
    last_time: "1970-01-01T00:00:01.000000Z",
  });
});

test("an older database gets its missing columns, tables and views when it is opened", (t) => {
  const { db, path } = store(t);
  db.exec("DROP VIEW timeline_view; DROP VIEW file_open_view; DROP VIEW cgroup_move_view");
  db.exec("ALTER TABLE file_open DROP COLUMN created");
  db.exec("DROP TABLE cgroup_move; DELETE FROM event_kind WHERE name = 'cgroup_move'");
  db.close();

  const upgraded = openForWriting(path);
  t.after(() => upgraded.close());
  const writer = new Writer(upgraded);
  const job = writer.startJob(aJob);
  writer.begin();
  writer.addEvent(event("file_open", { created: "yes" }), job, 0);
  writer.addEvent(event("cgroup_move", { joined: "yes" }), job, 0);
  writer.commit();

  const kinds = upgraded.prepare("SELECT kind FROM timeline_view ORDER BY id").pluck().all();
  assert.deepEqual(kinds, ["file_open", "cgroup_move"]);
  assert.equal(upgraded.prepare("SELECT created FROM file_open_view").pluck().get(), "yes");
});

test("an older database that is only read shows zero for what it has not", (t) => {
  const { db, path } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  writer.begin();
  writer.addEvent(event("file_open", { created: "yes", access: "write", path: "/a" }), job, 0);
  writer.commit();
  db.exec("DROP VIEW timeline_view; DROP VIEW file_open_view; DROP VIEW cgroup_move_view");
  db.exec("ALTER TABLE file_open DROP COLUMN created; ALTER TABLE file_open DROP COLUMN count");
  db.exec("DROP TABLE cgroup_move; DELETE FROM event_kind WHERE name = 'cgroup_move'");

  const reading = openForReading(path);
  t.after(() => reading.close());
  const reader = new Reader(reading);
  const [first] = reader.events(reader.job(job));

  assert.equal(first?.count, 1);
  const expected = event("file_open", { job, access: "write", path: "/a" });
  assert.deepEqual(first?.event, expected);
});

test("each migration runs once, in order, and one that fails leaves nothing", (t) => {
  const { db } = store(t);
  const second: Migration = (on) => on.exec("CREATE TABLE second (a INTEGER) STRICT");
  const broken: Migration = (on) => {
    on.exec("CREATE TABLE third (a INTEGER) STRICT");
    throw new Error("broken");
  };

  assert.throws(() => migrate(db, [...migrations, second, broken]), /broken/);
  migrate(db, [...migrations, second]);

  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE name IN ('second', 'third') ORDER BY name")
    .pluck()
    .all();
  assert.deepEqual(tables, ["second"]);
  assert.equal(db.pragma("user_version", { simple: true }), migrations.length + 1);
});

test("a database of an older version is read as this one would have written it, and stays", (t) => {
  const path = join(scratch(t), "old.db");
  const old = new Database(path);
  migrate(old, migrations.slice(0, 1));
  old.exec(`
    INSERT INTO job (name, kind, command, state, started_us, complete, survivors, host, boot_id,
                     agent_pid, version)
    VALUES ('before', 'run', 'make', 'ended', 1, 1, 0, 'h', 'b', 1, '0.1.0')
  `);
  old.close();
  const before = readFileSync(path);

  const db = openForReading(path);
  t.after(() => db.close());

  assert.equal(new Reader(db).job("before").result, null);
  assert.throws(() => db.exec("DELETE FROM job"), /readonly|query_only/);
  assert.deepEqual(readFileSync(path), before);
});
