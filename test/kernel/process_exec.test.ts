import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { act, assertRecorded, facts, keyOf } from "./acts.ts";
import { type Recording, record } from "./record.ts";

/** The execs after the act's own are compared with what the new programs tell of themselves. */
function assertExecs(recording: Recording): void {
  const told = facts(recording, "process_exec").map((fact) => {
    const isChild = fact["process"] !== recording.pid;
    const parent_key = isChild ? keyOf(recording, recording.pid) : 0;
    return { cgroup_id: Number(recording.group.id), parent_key, ...fact };
  });
  assert.ok(told.length > 0);
  const of = (() => recording.of("process_exec").slice(1)) as unknown as Recording["of"];
  assertRecorded({ ...recording, of }, "process_exec", told);
}

const ways: Record<string, string> = {
  execve: "execve is told with every argument; one that fails is not",
  directory: "execveat from a directory tells the path that the kernel resolved",
  descriptor: "execveat of a descriptor tells its file",
  deleted: "a deleted program has no links",
  memory: "a program in memory has no links and no directory",
  script: "a script is told with its interpreter and under its own name",
  thread: "an exec of a thread that does not lead the process keeps the process",
  child: "a child's exec tells its parent",
  no_arguments: "a program without arguments has one that is empty",
  other_ids: "ids and namespaces are those of the new program",
  stdio: "standard descriptors are told as what they are",
};
for (const [way, sentence] of Object.entries(ways)) {
  test(sentence, async () => {
    const recording = await record(act("process_exec", way));

    assertExecs(recording);
  });
}

test("a working directory that was removed is told as it was named", async () => {
  const recording = await record(act("process_exec", "gone_directory"));

  assert.equal(recording.of("process_exec")[1]?.cwd, join(recording.directory, "gone"));
});

const first = "bytes\0".length;
const argument = 100_000;
const limit = 131_072;

test("arguments of exactly 128 KiB are recorded whole", async () => {
  const recording = await record(act("process_exec", "bytes", String(limit)));

  const exec = recording.of("process_exec")[1];
  const rest = limit - first - argument;
  assert.deepEqual(exec?.args, ["bytes", "b".repeat(argument - 1), "c".repeat(rest - 1)]);
  assert.equal(exec?.args_bytes, limit);
  assert.equal(exec?.flags, 0);
});

test("arguments beyond 128 KiB are cut, and the record says so and how many there were", async () => {
  const all = 3 * argument;
  const recording = await record(act("process_exec", "bytes", String(all)));

  const exec = recording.of("process_exec")[1];
  const rest = limit - first - argument;
  assert.deepEqual(exec?.args, ["bytes", "b".repeat(argument - 1), "c".repeat(rest)]);
  assert.equal(exec?.args_bytes, all);
  assert.equal(exec?.flags, 1);
});
