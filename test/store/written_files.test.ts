import assert from "node:assert/strict";
import { test } from "node:test";
import type { WrittenFile } from "../../src/jobs/edge.ts";
import { Texts } from "../../src/store/text.ts";
import { WrittenFileInsert, WrittenFiles } from "../../src/store/written_files.ts";
import { leftBehind } from "./left_behind.ts";
import { hostile, someTime } from "./sample.ts";

const file: WrittenFile = {
  ...{ job: 1, device: (259 << 20) | 3, inode: 2 ** 40, path: `/${hostile}`, process_key: 7 },
  ...{ time_us: someTime, ctime_ns: "1764000000123456789" },
};

test("a written file is read as it was written, its change time to the nanosecond", (t) => {
  const db = leftBehind(t);
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
  const db = leftBehind(t);
  const insert = new WrittenFileInsert(db, new Texts(db), { limit: 3 });
  const many = [1, 2].map((inode) => ({ ...file, inode }));
  const more = [3, 4, 5].map((inode) => ({ ...file, inode }));

  assert.equal(insert.add(1, many), 0);
  assert.equal(insert.add(1, more), 2);
  assert.equal(insert.add(1, more), 3);

  assert.equal(new WrittenFiles(db).newest(10).length, 3);
});

test("a look for an inode uses the index", (t) => {
  const db = leftBehind(t);
  const plan = db
    .prepare("EXPLAIN QUERY PLAN SELECT job FROM written_file WHERE device = 1 AND inode = 2")
    .all() as { detail: string }[];

  assert.match(plan.map(({ detail }) => detail).join(), /written_file_inode/);
});

test("a written file cannot be of a job that is not there", (t) => {
  const db = leftBehind(t);

  assert.throws(() => new WrittenFileInsert(db, new Texts(db)).add(9, [file]), /FOREIGN KEY/);
});
