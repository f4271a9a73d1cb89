import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("an attempt to load or remove code of the kernel is told, though it fails", async () => {
  const recording = await record(act("kernel_call", "modules"));

  assertTold(recording, "kernel_call");
});

test("what is asked of bpf is told with what the kernel has; elements of maps are not", async () => {
  const recording = await record(act("kernel_call", "programs"));

  assertTold(recording, "kernel_call");
});

test("each other request to the machine itself is told with its error", async () => {
  const recording = await record(act("kernel_call", "others"));

  assertTold(recording, "kernel_call");
});
