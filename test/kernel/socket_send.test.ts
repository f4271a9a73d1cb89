import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each address that is sent to without connecting is told once", async () => {
  const recording = await record(act("socket", "sends"));

  assertTold(recording, "socket_send");
});
