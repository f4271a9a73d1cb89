import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("a process that leaves its namespaces is told with those that it then has", async () => {
  const recording = await record(act("namespace_change", "unshares"));

  assertTold(recording, "namespace_change");
});

test("a process that enters a namespace is told with whose it is", async () => {
  const recording = await record(act("namespace_change", "sets"));

  assertTold(recording, "namespace_change");
});

test("another root is told by its path in the mount namespace, and an attempt too", async () => {
  const recording = await record(act("namespace_change", "roots"));

  assertTold(recording, "namespace_change");
});

test("a child that is born in other namespaces is told, before it runs", async () => {
  const recording = await record(act("namespace_change", "clones"));

  assertTold(recording, "namespace_change");
});
