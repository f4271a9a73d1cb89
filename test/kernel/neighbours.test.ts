import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
import { openTracer, record, recordWith } from "./record.ts";

/** Programs that do all sorts of things. */
const deeds = [
  act("file_names", "renames"),
  act("file_write", "calls"),
  act("process_fork", "calls"),
  act("process_exec", "child"),
  act("credential_change", "calls"),
  act("socket", "accepts"),
  act("connect", "internet"),
  act("socket", "sends"),
  act("duplicate", "calls"),
];

test("what other processes do at the same time is not recorded", async () => {
  const recording = await record(["/bin/cat"], {
    meanwhile: ({ directory }) => {
      for (const [i, [file = "", ...args]] of deeds.entries()) {
        const cwd = join(directory, String(i));
        mkdirSync(cwd);
        const { status, stderr } = spawnSync(file, args, { cwd, encoding: "utf8" });
        assert.equal(status, 0, stderr);
      }
    },
  });

  const others = recording.events.filter(({ thread_id }) => thread_id !== recording.pid);
  assert.deepEqual(others, []);
  assert.deepEqual(recording.losses, new Map());
});

test("two tracers at once record their own job each", async () => {
  const tracers = [openTracer(), openTracer()];
  try {
    const recordings = await Promise.all(
      tracers.map((tracer) => recordWith(tracer, act("file_names", "renames"))),
    );

    for (const recording of recordings) {
      assertTold(recording, "file_rename");
      assert.deepEqual(
        [...new Set(recording.events.map((event) => event.thread_id))],
        [recording.pid],
      );
      assert.equal(recording.of("process_exec").length, 1);
      assert.equal(recording.of("process_exit").length, 1);
    }
  } finally {
    for (const tracer of tracers) tracer.close();
  }
});
