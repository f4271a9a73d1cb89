import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each change of permissions is told with its names; one that fails is not", async () => {
  const recording = await record(act("file_names", "chmods"));

  assertTold(recording, "file_chmod");
});
