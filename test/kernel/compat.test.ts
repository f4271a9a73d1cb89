import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { act, assertTold, facts } from "./acts.ts";
import { record } from "./record.ts";

/** Whether this kernel has the entry: in confidential guests, and with ia32_emulation=0, it has not. */
function hasEntry(): boolean {
  const [program = "", ...args] = act("compat", "calls");
  const cwd = mkdtempSync(join(tmpdir(), "jobwarden-"));
  try {
    return spawnSync(program, args, { cwd }).signal !== "SIGSEGV";
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

// Other architectures have no such entry.
if (arch() === "x64" && !hasEntry()) {
  test("a kernel without the 32-bit entry ends who calls by it, and nothing is recorded", async () => {
    const { events } = await record(["/bin/sh", "-c", '"$0" calls', ...act("compat")]);

    const [called] = events.filter(({ event }) => event === "process_exec").slice(-1);
    const by = events.filter(({ process_key }) => process_key === called?.process_key);
    assert.ok(by.some((event) => event.event === "process_exit" && event.signal === 11));
    assert.ok(!by.some(({ event }) => event === "file_rename" || event === "file_symlink"));
  });
} else if (arch() === "x64") {
  test("calls through the 32-bit entry are told as the native ones are", async () => {
    const recording = await record(act("compat", "calls"));

    assertTold(recording, "file_open");
    assertTold(recording, "file_rename");
    assertTold(recording, "file_truncate");
    assertTold(recording, "file_symlink");
    assertTold(recording, "file_unlink");
  });

  test("calls that the 32-bit entry has twice are told either way", async () => {
    const recording = await record(act("compat", "descriptors"));

    const [paths] = facts(recording, "paths");
    const [numbers] = facts(recording, "numbers");
    const written = recording.of("file_write").map(({ path }) => path);
    const copied = recording.of("descriptor_duplicate");
    assert.deepEqual(written, [paths?.["source"], paths?.["old"], paths?.["new"]]);
    assert.deepEqual(
      copied.map(({ from_descriptor }) => from_descriptor),
      numbers?.["all"],
    );
    assert.deepEqual(
      copied.map(({ descriptor }) => descriptor),
      [0, 0, 0],
    );
  });
}
