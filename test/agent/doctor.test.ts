import assert from "node:assert/strict";
import { test } from "node:test";
import { events } from "../../src/events/index.ts";
import { notices } from "../../src/events/notices/index.ts";
import { jobwarden, parsed } from "./harness.ts";

const names = [...events, ...notices].map(({ name }) => name).sort();

test("doctor names every event with the hook that it has on this kernel", async () => {
  const { exit, out, err } = await jobwarden(["doctor"]);

  assert.deepEqual([exit, err], [0, ""]);
  const listed = [
    ...out
      .toString()
      .matchAll(
        /^(?:ok|degraded) +(\w+_\w+) +(?:tp_btf|iter|fentry|fexit|lsm|cgroup|cgroup_skb)\//gm,
      ),
  ];
  assert.deepEqual(listed.map(([, name]) => name).sort(), names);
  assert.match(out.toString(), /Ready to trace\.\n$/);
});

test("doctor prints the same as JSON", async () => {
  const { exit, out } = await jobwarden(["doctor", "--json"]);

  const lines = parsed(out);
  assert.equal(exit, 0);
  const found = lines.flatMap(({ event }) => (typeof event === "string" ? [event] : []));
  assert.deepEqual(found.sort(), names);
});

test("doctor says to others than root what is missing", async () => {
  const within = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

  const { exit, out, err } = await jobwarden(["doctor"], { within });

  assert.deepEqual([exit, err], [1, ""]);
  assert.match(out.toString(), /missing +rights +user 65534/);
  assert.match(out.toString(), /sudo/);
});
