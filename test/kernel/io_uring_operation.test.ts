import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { act, assertTold, facts, keyOf } from "./acts.ts";
import { record } from "./record.ts";

test("what is asked of an io_uring is told, with the names that the kernel copied", async () => {
  const recording = await record(act("io_uring", "calls"));

  assertTold(recording, "io_uring_operation");
});

test("an open through an io_uring is told as every open is", async () => {
  const recording = await record(act("io_uring", "calls"));

  const [told] = facts(recording, "file_open");
  const opens = recording.of("file_open").filter(({ path }) => path === told?.["path"]);
  const { event, ...fields } = told ?? assert.fail();
  assert.deepEqual(
    opens.map((open) => Object.fromEntries(Object.keys(fields).map((k) => [k, open[k as "path"]]))),
    [fields],
  );
});

test("what the kernel's thread submits is told of the process whose thread it is", async () => {
  const recording = await record(act("io_uring", "polled"));

  const [asked, ...more] = recording.of("io_uring_operation");
  assert.equal(recording.exit_code, 0, recording.stderr);
  assert.deepEqual(more, []);
  assert.equal(asked?.process_key, keyOf(recording, recording.pid));
  assert.deepEqual([asked.operation, asked.path], ["mkdir", join(recording.directory, "new")]);
  assert.notEqual(asked.thread_id, recording.pid);
});
