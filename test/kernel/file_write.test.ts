import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each call that writes a file tells it once", async () => {
  const recording = await record(act("file_write", "calls"));

  assertTold(recording, "file_write");
});

test("a shared writable mapping of a file counts as writing it", async () => {
  const recording = await record(act("file_write", "maps"));

  assertTold(recording, "file_write");
});

test("a first write is one of a process and a file, not of a thread or an inode number", async () => {
  const recording = await record(act("file_write", "again"));

  assertTold(recording, "file_write");
});

test("nothing written to a file makes no record", async () => {
  const recording = await record(act("file_write", "nothing"));

  assertTold(recording, "file_write");
});
