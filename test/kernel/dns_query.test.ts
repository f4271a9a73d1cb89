import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { record } from "./record.ts";

test("each question by datagram is told, to whichever port; what is no question is not", async () => {
  const recording = await record(act("dns", "datagrams"));

  assertTold(recording, "dns_query");
});

test("questions over TCP are told, also two in one segment and one behind its length", async () => {
  const recording = await record(act("dns", "streams"));

  assertTold(recording, "dns_query");
});
