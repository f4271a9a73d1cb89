import assert from "node:assert/strict";
import { test } from "node:test";
import type { Edge } from "../../src/jobs/edge.ts";
import { EdgeInsert, StoredEdges } from "../../src/store/edges.ts";
import { leftBehind } from "./left_behind.ts";
import { hostile, someTime } from "./sample.ts";

const edge: Edge = {
  ...{ kind: "docker", process_key: 2 ** 52, target: hostile, followed: false, how: "Not yet." },
  ...{ time_us: someTime, key: `docker 7 ${hostile}`, containers: [] },
};

test("an edge is read as it was written, the earliest first, and of its own job only", (t) => {
  const db = leftBehind(t);
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
  const db = leftBehind(t);
  const insert = new EdgeInsert(db);
  const followed = { ...edge, followed: true, how: "Followed.", containers: ["c1", hostile] };

  insert.put(1, edge);
  insert.put(1, { ...followed, time_us: someTime + 5 });

  assert.deepEqual(new StoredEdges(db).ofJob(1), [followed]);
});

test("an edge cannot be of a job that is not there", (t) => {
  assert.throws(() => new EdgeInsert(leftBehind(t)).put(9, edge), /FOREIGN KEY/);
});
