import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each address that a socket is given is told; a refused one is not", async () => {
  const recording = await record(act("socket", "binds"));

  assertTold(recording, "socket_bind");
});
