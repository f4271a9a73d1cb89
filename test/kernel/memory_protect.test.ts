import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each way to make memory executable is told once", async () => {
  const recording = await record(act("memory_protect", "ways"));

  assertTold(recording, "memory_protect");
});

test("a child tells it anew, and so does a new program", async () => {
  const recording = await record(act("memory_protect", "children"));

  assertTold(recording, "memory_protect");
});

test("data, a file's code and a refusal are not told", async () => {
  const recording = await record(act("memory_protect", "nothing"));

  assertTold(recording, "memory_protect");
});
