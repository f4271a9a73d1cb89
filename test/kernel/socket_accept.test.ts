import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each connection that is taken is told with both ends; a call that takes none is not", async () => {
  const recording = await record(act("socket", "accepts"));

  assertTold(recording, "socket_accept");
});
