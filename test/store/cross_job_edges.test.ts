import assert from "node:assert/strict";
import { test } from "node:test";
import type { CrossJobEdge } from "../../src/jobs/edge.ts";
import { CrossJobEdgeInsert, CrossJobEdges } from "../../src/store/cross_job_edges.ts";
import { leftBehind } from "./left_behind.ts";
import { hostile, someTime } from "./sample.ts";

test("a use of another job's file is kept once for each way, and found from both ends", (t) => {
  const db = leftBehind(t);
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
