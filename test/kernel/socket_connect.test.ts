import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

const ways: Record<string, string> = {
  internet: "a connection is told with both its ends, for each family and type",
  refused: "an attempt that fails is told with its error and where it went",
  without_waiting: "an attempt in progress is told once, not again when it is asked about",
  interrupted: "an attempt that a signal ends is told as interrupted",
  paths: "a unix peer is told by the name that it is bound to; of a failure by the caller's word",
  fast_open: "a connection that a send begins is told without a descriptor",
};
for (const [way, sentence] of Object.entries(ways)) {
  test(sentence, async () => {
    const recording = await record(act("connect", way));

    assertTold(recording, "socket_connect");
  });
}
