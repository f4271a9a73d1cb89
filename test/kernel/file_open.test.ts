import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each call that opens a file tells the file that it opened", async () => {
  const recording = await record(act("file_open", "calls"));

  assertTold(recording, "file_open");
});

test("an open tells the file behind links, and what has no name", async () => {
  const recording = await record(act("file_open", "kinds"));

  assertTold(recording, "file_open");
});

test("an open that fails makes no record", async () => {
  const recording = await record(act("file_open", "fails"));

  assertTold(recording, "file_open");
});
