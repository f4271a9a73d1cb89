import assert from "node:assert/strict";
import { test } from "node:test";
import { act, assertRecorded, facts } from "./acts.ts";
import { record } from "./record.ts";

test("each way to end is told as wait4 tells it, once for each process", async () => {
  const recording = await record(act("process_exit", "ways"));

  const exits = recording.of("process_exit");
  const own = exits.at(-1);
  assert.equal(own?.thread_id, recording.pid);
  const told = facts(recording, "process_exit").map((fact, i) => {
    const { least_us, most_us, least_used_us, most_used_us, ...rest } = fact;
    const { duration_us = 0, user_us = 0, system_us = 0, thread_id = 0 } = exits[i] ?? {};
    const used_us = user_us + system_us;
    assert.ok(duration_us >= Number(least_us) && duration_us <= Number(most_us), `${duration_us}`);
    // What the last thread does after its record is in wait4's sum, and no more than that.
    assert.ok(used_us >= Number(least_used_us), `${used_us} of at least ${least_used_us}`);
    assert.ok(used_us <= Number(most_used_us), `${used_us} of at most ${most_used_us}`);
    return { ...rest, duration_us, user_us, system_us, thread_id };
  });
  const { event, size, time_us, ...last } = own ?? assert.fail();
  assertRecorded(recording, "process_exit", [...told, last]);
  assert.equal(last.exit_code, 0);
});

test("a process whose threads end together makes one record", async () => {
  const times = 300;
  const recording = await record(act("process_exit", "together", String(times)));

  const forked = recording.of("process_fork").map(({ child_key }) => child_key);
  const [, ...ended] = recording
    .of("process_exit")
    .map(({ process_key }) => process_key)
    .reverse();
  assert.equal(forked.length, times);
  assert.deepEqual(ended.reverse(), forked);
});
