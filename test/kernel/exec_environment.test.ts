import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("variables that bring code are told with their values, and no others", async () => {
  const recording = await record(act("exec_environment", "variables"));

  assertTold(recording, "exec_environment");
});
