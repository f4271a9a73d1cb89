import assert from "node:assert/strict";
import { test } from "node:test";
import Database, { type Database as Connection } from "better-sqlite3";
import type { CrossJobEdge, Edge, WrittenFile } from "../../src/jobs/edge.ts";
import { type Residue, residueKinds } from "../../src/jobs/residue.ts";
import {
  CrossJobEdgeInsert,
  CrossJobEdges,
  crossJobEdgeTable,
} from "../../src/store/cross_job_edges.ts";
import { EdgeInsert, edgeTable, StoredEdges } from "../../src/store/edges.ts";
import { firstTables } from "../../src/store/migrations/0001_first_tables.ts";
import { ResidueInsert, Residues, residueTable } from "../../src/store/residues.ts";
import { Texts } from "../../src/store/text.ts";
import {
  WrittenFileInsert,
  WrittenFiles,
  writtenFileTable,
} from "../../src/store/written_files.ts";
import { hostile, someTime } from "./sample.ts";

/** A database in memory with the tables of this test, and two jobs. */
function database(t: { after: (close: () => void) => void }): Connection {
  const db = new Database(":memory:");
  t.after(() => db.close());
  db.pragma("foreign_keys = ON");
  firstTables(db);
  for (const table of [edgeTable, residueTable, crossJobEdgeTable, writtenFileTable]) {
    db.exec(table);
  }
  const add = db.prepare(`
    INSERT INTO job (name, kind, command, state, started_us, complete, survivors,
                     host, boot_id, agent_pid, version)
    VALUES ('job', 'runner', '', 'running', ?, 0, 0, '', '', 0, '')
  `);
  add.run(someTime);
  add.run(someTime);
  return db;
}

const edge: Edge = {
  ...{ kind: "docker", process_key: 2 ** 52, target: hostile, followed: false, how: "Not yet." },
  ...{ time_us: someTime, key: `docker 7 ${hostile}`, containers: [] },
};

test("an edge is read as it was written, the earliest first, and of its own job only", (t) => {
  const db = database(t);
  const insert = new EdgeInsert(db);
  const earlier: Edge = { ...edge, key: "cgroup", kind: "cgroup", time_us: 1, followed: true };

  insert.put(1, edge);
  insert.put(1, earlier);
  insert.put(2, edge);

  const edges = new StoredEdges(db);
  assert.deepEqual(edges.ofJob(1), [earlier, edge]);
  assert.deepEqual(edges.ofJob(2), [edge]);
  assert.deepEqual(edges.ofJob(3), []);
});

test("an edge that is put again is followed by then, and keeps its time", (t) => {
  const db = database(t);
  const insert = new EdgeInsert(db);
  const followed = { ...edge, followed: true, how: "Followed.", containers: ["c1", hostile] };

  insert.put(1, edge);
  insert.put(1, { ...followed, time_us: someTime + 5 });

  assert.deepEqual(new StoredEdges(db).ofJob(1), [followed]);
});

test("residue of every kind is read as it was written, in that order", (t) => {
  const db = database(t);
  const insert = new ResidueInsert(db);
  const left = residueKinds.map(
    (kind, i): Residue => ({
      ...{ kind, what: hostile, process_key: i, pid: i, path: `/${hostile}`, time_us: someTime },
      detail: { text: hostile, list: ["a", hostile], none: null, flag: true, number: i },
    }),
  );

  for (const one of left) insert.add(1, one);

  assert.deepEqual(new Residues(db).ofJob(1), left);
  assert.deepEqual(new Residues(db).ofJob(2), []);
});

test("a use of another job's file is kept once for each way, and found from both ends", (t) => {
  const db = database(t);
  const insert = new CrossJobEdgeInsert(db);
  const use: CrossJobEdge = {
    ...{ job: 2, other_job: 1, path: `/${hostile}`, how: "executed", process_key: 7 },
    time_us: someTime,
  };
  const read: CrossJobEdge = { ...use, how: "read", time_us: someTime + 1 };

  insert.add(use);
  insert.add({ ...use, time_us: someTime + 9 });
  insert.add(read);

  const edges = new CrossJobEdges(db);
  assert.deepEqual(edges.ofJob(2), [use, read]);
  assert.deepEqual(edges.ofJob(1), [use, read]);
});

const file: WrittenFile = {
  ...{ job: 1, device: (259 << 20) | 3, inode: 2 ** 40, path: `/${hostile}`, process_key: 7 },
  ...{ time_us: someTime, ctime_ns: "1764000000123456789" },
};

test("a written file is read as it was written, its change time to the nanosecond", (t) => {
  const db = database(t);
  const insert = new WrittenFileInsert(db, new Texts(db));
  const second: WrittenFile = { ...file, job: 2, process_key: 8 };

  assert.equal(insert.add(1, [file]), 0);
  assert.equal(insert.add(2, [second]), 0);

  const files = new WrittenFiles(db);
  assert.deepEqual(files.ofInode(file.device, file.inode), [file, second]);
  assert.deepEqual(files.ofInode(file.device, 1), []);
  assert.deepEqual(files.newest(10), [file, second]);
  assert.deepEqual(files.newest(1), [second]);
});

test("a job has its limit of written files, whatever is added later", (t) => {
  const db = database(t);
  const insert = new WrittenFileInsert(db, new Texts(db), { limit: 3 });
  const many = [1, 2].map((inode) => ({ ...file, inode }));
  const more = [3, 4, 5].map((inode) => ({ ...file, inode }));

  assert.equal(insert.add(1, many), 0);
  assert.equal(insert.add(1, more), 2);
  assert.equal(insert.add(1, more), 3);

  assert.equal(new WrittenFiles(db).newest(10).length, 3);
});

test("a look for an inode uses the index", (t) => {
  const db = database(t);
  const plan = db
    .prepare("EXPLAIN QUERY PLAN SELECT job FROM written_file WHERE device = 1 AND inode = 2")
    .all() as { detail: string }[];

  assert.match(plan.map(({ detail }) => detail).join(), /written_file_inode/);
});

test("no row of these can be of a job that is not there", (t) => {
  const db = database(t);

  assert.throws(() => new EdgeInsert(db).put(9, edge), /FOREIGN KEY/);
  assert.throws(() => new WrittenFileInsert(db, new Texts(db)).add(9, [file]), /FOREIGN KEY/);
});
