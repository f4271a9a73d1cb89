import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each socket that listens is told with its address; one that cannot is not", async () => {
  const recording = await record(act("socket", "listens"));

  assertTold(recording, "socket_listen");
});
