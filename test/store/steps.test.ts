import assert from "node:assert/strict";
import { test } from "node:test";
import { type StepRow, Steps } from "../../src/store/steps.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, hostile, process, someTime, store } from "./sample.ts";

const aStep: StepRow = {
  ...{ number: 1, phase: "main", position: 2, nested: [0, 3], action: "__run", kind: "node" },
  ...{ uses: hostile, commit_sha: "c".repeat(40), name: hostile, file: hostile, line: 7 },
  ...{ certainty: "likely", started_us: someTime, ended_us: someTime + 5 },
};
const unknown: StepRow = {
  ...aStep,
  ...{ number: 2, position: null, nested: null, uses: null, commit_sha: null, file: null },
  ...{ line: null, ended_us: null },
};

test("a step is read as it was written, by its job and in order", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [one, two] = [writer.startJob(aJob), writer.startJob(aJob)];

  const ids = writer.apply(({ steps }) => [
    steps.set(one, unknown),
    steps.set(one, aStep),
    steps.set(two, aStep),
  ]);

  assert.deepEqual(new Steps(db).ofJob(one), [
    { ...aStep, id: ids[1], job: one },
    { ...unknown, id: ids[0], job: one },
  ]);
  assert.deepEqual(new Steps(db).ofJob(9), []);
});

test("a step that is set again keeps its row and has what it is now", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  const later = { ...unknown, number: 1, phase: "post", action: "b", kind: "run", name: "later" };

  const ids = writer.apply(({ steps }) => [steps.set(job, aStep), steps.set(job, later)]);

  assert.equal(ids[0], ids[1]);
  assert.deepEqual(new Steps(db).ofJob(job), [{ ...later, id: ids[0], job }]);
});

test("a process is of the step that its Worker's child is of", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [job, other] = [writer.startJob(aJob), writer.startJob(aJob)];
  writer.begin();
  writer.addProcess(job, process(5, { step_key: 5 }));
  writer.addProcess(job, process(6, { step_key: 5, parent_key: 5 }));
  writer.addProcess(job, process(7, { step_key: 7 }));
  writer.addProcess(job, process(8));
  writer.addProcess(other, process(6, { step_key: 5 }));
  writer.commit();

  writer.apply(({ steps }) => {
    steps.bind(job, 5, { GITHUB_ACTION: hostile }, steps.set(job, aStep));
    steps.bind(job, 7, {}, null);
  });

  const read = new Steps(db);
  const nameOf = (of: number, key: number) => read.ofProcess(of, key)?.number;
  assert.deepEqual(
    [5, 6, 7, 8, 9].map((key) => nameOf(job, key)),
    [1, 1, undefined, undefined, undefined],
  );
  assert.equal(nameOf(other, 6), undefined);
});

test("a child of the Worker keeps what it was started with when its step becomes known", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  const environment = { GITHUB_ACTION: hostile, GITHUB_JOB: "" };

  const row = writer.apply(({ steps }) => {
    steps.bind(job, 9, environment, null);
    steps.bind(job, 4, {}, null);
    const id = steps.set(job, aStep);
    steps.bind(job, 9, { GITHUB_ACTION: "other" }, id);
    return id;
  });

  assert.deepEqual(
    [...new Steps(db).children(job)],
    [
      [4, { environment: {}, step: null }],
      [9, { environment, step: row }],
    ],
  );
});
