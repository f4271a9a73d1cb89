import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each mount is told with its place and what is seen there, and an attempt too", async () => {
  const recording = await record(act("mount_change", "calls"));

  assertTold(recording, "mount_change");
});

test("mounts by descriptors are told as those by names", async () => {
  const recording = await record(act("mount_change", "new_calls"));

  assertTold(recording, "mount_change");
});
