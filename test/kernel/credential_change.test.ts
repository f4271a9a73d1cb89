import assert from "node:assert/strict";
import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each call that changes ids or capabilities is told; what changes none is not", async () => {
  const recording = await record(act("credential_change", "calls"));

  assertTold(recording, "credential_change");
});

test("a new user namespace is told, of a new child too", async () => {
  const recording = await record(act("credential_change", "namespaces"));

  assertTold(recording, "credential_change");
});

test("what a child inherits is no change", async () => {
  const recording = await record(act("credential_change", "inherited"));

  assertTold(recording, "credential_change");
});

test("a program with set-id bits changes the ids, which its exec tells too", async () => {
  const recording = await record(act("credential_change", "set_id"));

  assertTold(recording, "credential_change");
  const exec = recording.of("process_exec")[1];
  assert.deepEqual([exec?.uid, exec?.euid, exec?.gid, exec?.egid], [0, 1005, 0, 2005]);
});
