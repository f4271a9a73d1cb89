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

test("what the kernel counts is added once, however often it is told", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [one, two] = [writer.startJob(aJob), writer.startJob(aJob)];

  const totals = writer.apply(({ losses }) => {
    losses.add(one, "file_open", 10);
    losses.setKernel(one, "file_open", 3);
    losses.setKernel(one, "file_open", 3);
    losses.setKernel(one, "file_open", 5);
    // A count that went back is of a kernel side that has forgotten; what was lost is lost.
    losses.setKernel(one, "file_open", 1);
    losses.setKernel(one, "unknown", 2);
    losses.setKernel(two, "file_open", 0);
    return [losses.ofJob(one), losses.ofJob(two), losses.ofJob(9)];
  });

  assert.deepEqual(totals, [17, 0, 0]);
  assert.deepEqual(new Losses(db).ofJob(one), [
    { kind: "file_open", lost: 15 },
    { kind: "unknown", lost: 2 },
  ]);
  assert.deepEqual(new Losses(db).ofJob(two), []);
});
