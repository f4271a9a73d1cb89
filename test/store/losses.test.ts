import assert from "node:assert/strict";
import { test } from "node:test";
import { Losses } from "../../src/store/losses.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, store } from "./sample.ts";

test("losses add up by job and kind, the most first", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [one, two] = [writer.startJob(aJob), writer.startJob(aJob)];

  writer.addLoss(one, "process_exec", 1);
  writer.addLoss(one, "file_open", 3);
  writer.addLoss(one, "file_open", 4);
  writer.addLoss(two, "file_open", 0);

  const losses = new Losses(db);
  assert.deepEqual(losses.ofJob(one), [
    { kind: "file_open", lost: 7 },
    { kind: "process_exec", lost: 1 },
  ]);
  assert.deepEqual(losses.ofJob(two), []);
});
