import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each hard link is told with its names; one that fails is not", async () => {
  const recording = await record(act("file_names", "links"));

  assertTold(recording, "file_link");
});
