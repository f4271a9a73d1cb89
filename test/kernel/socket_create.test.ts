import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each socket of an unusual kind is told, also one that is refused; a usual one is not", async () => {
  const recording = await record(act("socket", "creates"));

  assertTold(recording, "socket_create");
});
