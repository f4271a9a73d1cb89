import { arch } from "node:os";
import { test } from "node:test";
import { act, assertTold } from "./acts.ts";
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
}
