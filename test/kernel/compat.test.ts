import assert from "node:assert/strict";
import { arch } from "node:os";
import { test } from "node:test";
import { act, assertTold, facts } from "./acts.ts";
import { record } from "./record.ts";

// Other architectures have no such entry.
if (arch() === "x64") {
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
