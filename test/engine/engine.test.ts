import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine, type EngineOptions } from "../../src/engine/engine.ts";
import { defineSignature, type Signature } from "../../src/engine/signature.ts";
import type { JobEvent } from "../../src/events/index.ts";
import { ProcessTree } from "../../src/jobs/process_tree.ts";
import { signatures } from "../../src/signatures/index.ts";
import { complete } from "./sample.ts";

const base = {
  id: "JW-9001",
  name: "opens_a_file",
  title: "Opens a file",
  severity: "low",
  behaviours: ["credential_access", "secret_sweep"],
  attack: ["T1552"],
  doc: "A file was opened.",
  why: "It may matter.",
  benign: ["Everything."],
  evade: ["Do not open it."],
  events: ["file_open"],
  examples: { fires: [[{ event: "file_open" }]], silent: [[{ event: "file_open" }]] },
} as const;
const evidence = { inode: 1 };

/** One finding for each path. */
const byPath = defineSignature({
  ...base,
  match: ({ path }) => ({ message: `${path} was opened.`, evidence, key: path }),
}) as Signature;
const failing = defineSignature({
  ...base,
  id: "JW-9002",
  name: "fails",
  match: ({ path }) => {
    if (path === "/bad") throw new Error("no such thing");
    return { message: "Fine.", evidence };
  },
}) as Signature;

const shell = complete({
  event: "process_exec",
  process_key: 1,
  pid: 101,
  path: "/bin/sh",
  args: ["sh", "build.sh"],
});
const fork = complete({
  event: "process_fork",
  process_key: 1,
  parent_key: 1,
  child_key: 2,
  child_pid: 102,
});
const opened = (path: string, time_us = 5) =>
  complete({ event: "file_open", process_key: 2, path, time_us });

function judge(used: readonly Signature[], events: readonly JobEvent[], options?: EngineOptions) {
  const tree = new ProcessTree();
  const engine = new Engine(used, tree, 7, options);
  const findings = events.flatMap((event, i) => {
    tree.apply(event);
    return engine.judge(event, i + 1);
  });
  return { engine, findings };
}

test("a finding carries signature, job, event, process and ancestry", () => {
  const { findings } = judge([byPath], [shell, fork, opened("/a")]);

  const process = { path: "/bin/sh", args: ["sh", "build.sh"] };
  assert.deepEqual(findings, [
    {
      signature: "JW-9001",
      formerly: [],
      title: "Opens a file",
      severity: "low",
      behaviours: ["credential_access", "secret_sweep"],
      job: 7,
      event_id: 3,
      event: "file_open",
      time_us: 5,
      message: "/a was opened.",
      evidence: { inode: 1 },
      process: { process_key: 2, pid: 102, ...process },
      ancestry: [{ process_key: 1, pid: 101, ...process }],
      step: null,
      key: "/a",
      why: "It may matter.",
    },
  ]);
});

test("a match may be of another severity and of fewer behaviours than its signature", () => {
  const special = defineSignature({
    ...base,
    match: () => ({
      message: "Worse.",
      evidence,
      severity: "critical",
      behaviours: ["secret_sweep"],
    }),
  }) as Signature;

  const { findings } = judge([special], [opened("/a")]);

  assert.equal(findings[0]?.severity, "critical");
  assert.deepEqual(findings[0]?.behaviours, ["secret_sweep"]);
});

test("matches with the same key are one finding, and the others are counted", () => {
  const { engine, findings } = judge(
    [byPath],
    [opened("/a", 5), opened("/b", 6), opened("/a", 7), opened("/a", 8)],
  );

  assert.deepEqual(
    findings.map(({ key }) => key),
    ["/a", "/b"],
  );
  assert.deepEqual(engine.repeats, [{ signature: "JW-9001", key: "/a", repeats: 2, last_us: 8 }]);
});

test("a match that is worse than those before is a finding again", () => {
  const rising = defineSignature({
    ...base,
    match: ({ path }) => ({
      message: path,
      evidence,
      key: "one",
      severity: path === "/bad" ? "high" : "low",
    }),
  }) as Signature;

  const { engine, findings } = judge(
    [rising],
    [opened("/a"), opened("/bad"), opened("/bad"), opened("/a", 9)],
  );

  assert.deepEqual(
    findings.map(({ severity, message }) => [severity, message]),
    [
      ["low", "/a"],
      ["high", "/bad"],
    ],
  );
  assert.deepEqual(engine.repeats, [{ signature: "JW-9001", key: "one", repeats: 2, last_us: 9 }]);
});

test("without a key each event is a finding of its own", () => {
  const { findings } = judge([failing], [opened("/a"), opened("/a")]);

  assert.deepEqual(
    findings.map(({ key }) => key),
    ["event 1", "event 2"],
  );
});

test("a signature that throws is reported and off, and the others go on", () => {
  const { engine, findings } = judge(
    [failing, byPath],
    [opened("/a"), opened("/bad", 6), opened("/c")],
  );

  assert.deepEqual(
    findings.map(({ signature, event_id }) => `${signature} ${event_id}`),
    ["JW-9002 1", "JW-9001 1", "JW-9001 2", "JW-9001 3"],
  );
  assert.deepEqual(engine.problems, [
    {
      signature: "JW-9002",
      job: 7,
      event: "file_open",
      event_id: 2,
      time_us: 6,
      message: "JW-9002 fails failed and is off for the rest of this job: no such thing",
    },
  ]);
});

test("findings of one signature in one job have a limit, beyond which they are counted", () => {
  const events = ["/a", "/b", "/c", "/a", "/d"].map((path) => opened(path));

  const { engine, findings } = judge([byPath], events, { findings_limit: 2 });

  assert.equal(findings.length, 2);
  assert.equal(engine.suppressed, 2);
  assert.deepEqual(
    engine.repeats.map(({ key, repeats }) => [key, repeats]),
    [["/a", 1]],
  );
});

test("an event that nobody listens to gives nothing", () => {
  const { findings } = judge([byPath], [shell, fork]);

  assert.deepEqual(findings, []);
});

test("an event by a process outside the job is judged all the same", () => {
  const moved = defineSignature({
    ...base,
    events: ["cgroup_move"],
    match: (_event, { process }) => ({ message: `Moved by ${process.pid}.`, evidence }),
  }) as Signature;
  const event = complete({ event: "cgroup_move", moved_key: 1, moved_pid: 101, joined: "yes" });

  const { findings } = judge([moved], [event]);

  assert.deepEqual(findings[0]?.process, { process_key: 0, pid: 0, path: "", args: [] });
  assert.deepEqual(findings[0]?.ancestry, []);
});

test("two jobs do not share what a signature remembers", () => {
  const once = defineSignature({
    ...base,
    match: (_event, { memory }) => {
      if (memory.get("seen")) return undefined;
      memory.set("seen", 1);
      return { message: "First.", evidence };
    },
  }) as Signature;

  const first = judge([once], [opened("/a"), opened("/b")]);
  const second = judge([once], [opened("/a")]);

  assert.equal(first.findings.length, 1);
  assert.equal(second.findings.length, 1);
});

test("judging the stored events of a job again gives the same findings", () => {
  const events = signatures
    .flatMap(({ examples }) => [...examples.fires, ...examples.silent])
    .flatMap((sequence, i) => sequence.map((sample) => complete({ ...sample, time_us: i })));

  const live = judge([...signatures, byPath], events);
  const stored = structuredClone(events);
  const replayed = judge([...signatures, byPath], stored);

  assert.ok(live.findings.length > 0);
  assert.deepEqual(replayed.findings, live.findings);
  assert.deepEqual(replayed.engine.repeats, live.engine.repeats);
});
