import assert from "node:assert/strict";
import { test } from "node:test";
import { Losses } from "../../src/store/losses.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, store } from "./sample.ts";

const ofTracer = (tracer: string) => ({
  ...aJob,
  kind: "runner" as const,
  worker: { tracer, tracer_job: 1, runner: null, process_key: 1, pid: 1 },
});

test("a ring's position is that of its tracer, and the last that was set", (t) => {
  const writer = new Writer(store(t).db);

  const read = writer.apply(({ state }) => {
    state.setPosition("one", "jw_rare", 8);
    state.setPosition("one", "jw_rare", 2 ** 40);
    state.setPosition("two", "jw_rare", 16);
    return ["one", "two", "three"].flatMap((tracer) => [
      state.position(tracer, "jw_rare"),
      state.position(tracer, "jw_bulk"),
    ]);
  });

  assert.deepEqual(read, [2 ** 40, undefined, 16, undefined, undefined, undefined]);
});

test("positions of tracers that are gone are forgotten", (t) => {
  const writer = new Writer(store(t).db);

  const read = writer.apply(({ state }) => {
    for (const tracer of ["one", "two"]) state.setPosition(tracer, "jw_rare", 8);
    state.forgetOthers("two");
    return [state.position("one", "jw_rare"), state.position("two", "jw_rare")];
  });

  assert.deepEqual(read, [undefined, 8]);
});

test("repetitions that were in memory only are lost once, of the jobs of that tracer", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [job, other] = [writer.startJob(ofTracer("one")), writer.startJob(ofTracer("two"))];
  writer.addLoss(job, "file_open", 1);

  writer.apply(({ state }) => {
    state.setUnsettled(job, "file_open", 3);
    state.setUnsettled(job, "file_open", 4);
    state.setUnsettled(job, "file_write", 5);
    state.setUnsettled(job, "socket_send", 6);
    state.setUnsettled(job, "socket_send", 0); // they have got their rows
    state.setUnsettled(other, "file_open", 9);
    state.loseUnsettled("one");
    state.loseUnsettled("one");
  });

  const losses = new Losses(db);
  assert.deepEqual(losses.ofJob(job), [
    { kind: "file_open", lost: 5 },
    { kind: "file_write", lost: 5 },
  ]);
  assert.deepEqual(losses.ofJob(other), []);
});
