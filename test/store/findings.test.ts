import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader } from "../../src/store/reader.ts";
import { stepText } from "../../src/store/step_text.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, finding, hostile, process, someTime, store } from "./sample.ts";

test("a finding comes back whole, hostile text and all", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  const sent = [
    finding(job),
    finding(job, { key: hostile, step: hostile, formerly: [], behaviours: [], ancestry: [] }),
  ];

  for (const one of sent) writer.addFinding(one);

  assert.deepEqual(
    new Reader(db).findings({ job }).map(({ finding }) => finding),
    sent,
  );
});

test("findings of the same job, signature and key are one, counted, as the worst says", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [one, two] = [writer.startJob(aJob), writer.startJob(aJob)];
  const first = finding(one, { severity: "low", message: "First." });
  writer.addFinding(first);
  const worse = finding(one, { severity: "critical", message: "Worse.", event_id: 77 });
  writer.addFinding({ ...worse, time_us: someTime + 9 });
  writer.addFinding(finding(one, { severity: "info", time_us: someTime + 4 }));
  writer.addFinding(finding(one, { key: "other" }));
  writer.addFinding(finding(one, { signature: "JW-1" }));
  writer.addFinding(finding(two));

  const found = new Reader(db).findings();

  assert.deepEqual(
    found.map(({ finding, count }) => [finding.job, finding.signature, finding.key, count]),
    [
      [two, "TRC-101", "sh 4444", 1],
      [one, "TRC-101", "sh 4444", 3],
      [one, "TRC-101", "other", 1],
      [one, "JW-1", "sh 4444", 1],
    ],
  );
  assert.deepEqual(found[1], {
    id: 1,
    finding: worse,
    count: 3,
    first_us: someTime,
    last_us: someTime + 9,
    place: null,
    action: null,
  });
});

test("the worst come first, then the oldest; the less severe can be left out", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  for (const [key, severity, time_us] of [
    ["late low", "low", 20],
    ["late high", "high", 20],
    ["early high", "high", 10],
    ["info", "info", 1],
  ] as const) {
    writer.addFinding(finding(job, { key, severity, time_us }));
  }
  const reader = new Reader(db);
  const keys = (filter: Parameters<Reader["findings"]>[0]) =>
    reader.findings(filter).map(({ finding }) => finding.key);

  assert.deepEqual(keys({ job }), ["early high", "late high", "late low", "info"]);
  assert.deepEqual(keys({ job, severity: "low" }), ["early high", "late high", "late low"]);
  assert.deepEqual(keys({ severity: "high" }), ["early high", "late high"]);
  assert.deepEqual(keys({ job: 99 }), []);
});

test("what matched again without a finding of its own is counted on the one it matched", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  writer.addFinding(finding(job));
  writer.addFinding(finding(job, { key: "other" }));
  const { signature, key, time_us } = finding(job);

  writer.countFinding(job, { signature, key, repeats: 4, last_us: time_us + 9 });

  assert.deepEqual(
    new Reader(db).findings({ job }).map((row) => [row.finding.key, row.count, row.last_us]),
    [
      [key, 5, time_us + 9],
      ["other", 1, time_us],
    ],
  );
});

test("a finding has the step, the action and the line that became known after it", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  const step = {
    ...{ number: 1, phase: "main", position: 1, nested: [], action: "a", kind: "node" },
    ...{ uses: "octo/act@v1", commit_sha: null, name: "Act", certainty: "certain" },
    ...{ file: ".github/workflows/ci.yml", line: 12, started_us: someTime, ended_us: null },
  };
  writer.begin();
  for (const key of [3, 4, 5]) {
    writer.addProcess(job, process(key, { step_key: key }));
    writer.addFinding(
      finding(job, { key: `${key}`, process: { process_key: key, pid: 1, path: "", args: [] } }),
    );
  }
  writer.commit();
  const before = new Reader(db).findings({ job });

  writer.apply(({ steps }) => {
    steps.bind(job, 3, {}, steps.set(job, step));
    steps.bind(job, 4, {}, steps.set(job, { ...step, number: 2, line: null, uses: null }));
  });

  const told = ({ finding, place, action }: (typeof before)[number]) => [
    ...[finding.step, place, action],
  ];
  assert.deepEqual(
    before.map(told),
    [3, 4, 5].map(() => [null, null, null]),
  );
  const [placed, without_line, of_none] = new Reader(db).findings().map(told);
  assert.deepEqual(placed, [stepText(step), { file: step.file, line: 12 }, "octo/act@v1"]);
  assert.deepEqual(without_line, [stepText(step), null, null]);
  assert.deepEqual(of_none, [null, null, null]);
});
