import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each copy onto standard input, output or error is told as what it is", async () => {
  const recording = await record(act("duplicate", "calls"));

  assertTold(recording, "descriptor_duplicate");
});
