import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("code from files without a name, or in memory, is told; other code and failures are not", async () => {
  const recording = await record(act("code_mapping", "files"));

  assertTold(recording, "code_mapping");
});
