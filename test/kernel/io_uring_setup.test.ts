import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("a new io_uring is told with the flags that the kernel keeps", async () => {
  const recording = await record(act("io_uring", "calls"));

  assertTold(recording, "io_uring_setup");
});

test("an io_uring that is refused is told", async () => {
  const recording = await record(act("io_uring", "refused"));

  assertTold(recording, "io_uring_setup");
});
