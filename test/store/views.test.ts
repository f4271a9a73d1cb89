import assert from "node:assert/strict";
import { test } from "node:test";
import { definitions } from "../../src/store/event_tables.ts";
import { openForReading } from "../../src/store/open.ts";
import { views } from "../../src/store/views.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, event, finding, process, someTime, store } from "./sample.ts";

test("every view can be read where its functions are not trusted", (t) => {
  const { path } = store(t);
  const db = openForReading(path);
  t.after(() => db.close());

  for (const { name } of views(definitions)) {
    assert.deepEqual(db.prepare(`SELECT * FROM ${name} ORDER BY 1`).all(), [], name);
  }
});

test("views show words, text and ISO time", (t) => {
  const { db } = store(t);
  const writer = new Writer(db, { host: "h", version: "0.1.0" });
  const job = writer.startJob(aJob);
  const time_us = someTime;
  writer.begin();
  const row = writer.addProcess(job, process(1));
  const id = writer.addEvent(
    event("file_open", {
      time_us,
      flags: 9,
      thread_id: 5,
      access: "read_write",
      path: "/a",
      inode: 3,
    }),
    job,
    row,
  );
  writer.addEvent(event("process_exec", { time_us, path: "/b", args: ["b", "c d"] }), job, row);
  writer.addEvent(event("file_rename", { time_us, path: "/a", new_path: "/b" }), job, 0);
  writer.addEvent(event("process_fork", { time_us, child_pid: 9, child_key: 4 }), job, row);
  writer.fold("file_open", id, 1, time_us + 1_000_000);
  writer.updateProcess(row, { ...process(1), ended_us: someTime + 1_500_000 }, { exit_code: 2 });
  writer.addFinding(finding(job));
  writer.addLoss(job, "file_open", 3);
  writer.commit();
  const first = (sql: string): unknown => db.prepare(sql).get();

  assert.deepEqual(first("SELECT * FROM file_open_view"), {
    id,
    job,
    time: "2025-11-24T16:00:00.123456Z",
    process_pid: 1001,
    process_path: "/usr/bin/make",
    thread_id: 5,
    flags: "truncated nameless",
    count: 2,
    last_time: "2025-11-24T16:00:01.123456Z",
    inode: 3,
    device: 0,
    open_flags: 0,
    mode: 0,
    access: "read_write",
    created: "no",
    path: "/a",
  });
  assert.deepEqual(
    db.prepare("SELECT pid, kind, count, what FROM timeline_view ORDER BY id").all(),
    [
      { pid: 1001, kind: "file_open", count: 2, what: "/a" },
      { pid: 1001, kind: "process_exec", count: 1, what: '["b","c d"]' },
      { pid: null, kind: "file_rename", count: 1, what: "/a /b" },
      {
        ...{ pid: 1001, kind: "process_fork", count: 1 },
        what: "child_key=4 parent_key=0 cgroup_id=0 clone_flags=0 child_pid=9 parent_pid=0 step_key=0",
      },
    ],
  );
  assert.deepEqual(
    first("SELECT pid, parent_pid, path, args, duration_s, exit_code FROM process_view"),
    {
      ...{ pid: 1001, parent_pid: null, path: "/usr/bin/make", args: '["make","all"]' },
      ...{ duration_s: 1.5, exit_code: 2 },
    },
  );
  assert.deepEqual(
    first("SELECT id, state, ended, complete, lost, processes, events, findings FROM job_view"),
    {
      ...{ id: job, state: "running", ended: null, complete: "no", lost: 3, processes: 1 },
      ...{ events: 5, findings: 1 },
    },
  );
  assert.deepEqual(first("SELECT severity, signature, pid, program, count FROM finding_view"), {
    ...{ severity: "high", signature: "TRC-101", pid: 1003, program: "/bin/sh", count: 1 },
  });
});

test("the timeline of one job is found by its range, not by going through every event", (t) => {
  const { db } = store(t);

  const plan = db
    .prepare<[], { detail: string }>("EXPLAIN QUERY PLAN SELECT * FROM timeline_view WHERE job = 1")
    .all()
    .map(({ detail }) => detail);

  assert.deepEqual(
    plan.filter((detail) => /^SCAN e/.test(detail)),
    [],
  );
});
