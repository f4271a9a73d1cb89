import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each removed name is told with its names; one that fails is not", async () => {
  const recording = await record(act("file_names", "unlinks"));

  assertTold(recording, "file_unlink");
});

test("a name of an earlier call is never taken for one that was not caught", async () => {
  const recording = await record(act("file_names", "stale"));

  assertTold(recording, "file_unlink");
});
