import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader } from "../../src/store/reader.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, hostile, process, someTime, store } from "./sample.ts";

test("a process comes back with its parent and all that its updates told", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  const shell = process(1, { path: "", args: [], cwd: "", execs: 0 });
  const child = process(2, { parent_key: 1, args: ["sh", "-c", hostile, ""], path: hostile });
  const execed = { ...shell, path: "/bin/sh", args: ["sh"], cwd: "/", execs: 1 };
  const ended = { ...child, ended_us: someTime + 9 };

  writer.begin();
  const rows = [writer.addProcess(job, shell), writer.addProcess(job, child)];
  writer.updateProcess(rows[0]!, execed, { uid: 0 });
  writer.updateProcess(rows[1]!, ended, { exit_code: 0, exit_signal: 9 });
  writer.commit();

  const unknown = { exit_code: null, exit_signal: null, uid: null };
  const reader = new Reader(db);
  assert.deepEqual(reader.processes(reader.job(job)), [
    { id: rows[0], job, parent: null, ...execed, ...unknown, uid: 0 },
    { id: rows[1], job, parent: rows[0], ...ended, ...unknown, exit_code: 0, exit_signal: 9 },
  ]);
});

test("a process that was forgotten and comes again keeps its row and what the row knows", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  const known = process(2, { parent_key: 1, execs: 3, cwd: "/known" });
  const met = process(2, {
    pid: 0,
    started_us: someTime + 7,
    path: "",
    args: [],
    cwd: "",
    execs: 0,
  });
  writer.begin();
  const parent = writer.addProcess(job, process(1));
  const row = writer.addProcess(job, known);
  writer.commit();

  writer.begin();
  const again = writer.addProcess(job, met);
  writer.updateProcess(again, { ...met, ended_us: someTime + 8 });
  writer.commit();

  assert.equal(again, row);
  const reader = new Reader(db);
  assert.deepEqual(reader.processes(reader.job(job))[1], {
    ...{ id: row, job, parent, exit_code: null, exit_signal: null, uid: null },
    ...known,
    ended_us: someTime + 8,
  });
});

test("the same process key in another job is another process", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [one, two] = [writer.startJob(aJob), writer.startJob(aJob)];

  writer.begin();
  writer.addProcess(one, process(1));
  const other = writer.addProcess(two, process(2, { parent_key: 1 }));
  writer.commit();

  const reader = new Reader(db);
  const [stored] = reader.processes(reader.job(two));
  assert.deepEqual([stored?.id, stored?.parent, stored?.parent_key], [other, null, 0]);
});

test("a process that learns its parent later is put below it", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);

  writer.begin();
  const parent = writer.addProcess(job, process(1));
  const row = writer.addProcess(job, process(2));
  writer.updateProcess(row, process(2, { parent_key: 1, pid: 77, started_us: someTime - 1 }));
  writer.commit();

  const reader = new Reader(db);
  const { parent: found, pid, started_us } = reader.processes(reader.job(job))[1] ?? {};
  assert.deepEqual([found, pid, started_us], [parent, 77, someTime - 1]);
});

test("to update a process that is not there is a mistake", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  writer.begin();

  assert.throws(() => writer.updateProcess(9, process(1)), /there is no process row 9 to update/);
  writer.rollback();
});
