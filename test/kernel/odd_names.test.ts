import assert from "node:assert/strict";
import { test } from "node:test";
import { act, assertTold, facts } from "./acts.ts";
import { type Recording, record } from "./record.ts";

const renameFlags = { truncated: 1, unresolved: 16 };

/** The act tells of an open only its path; its other fields are the subject of another test. */
function assertOpens(recording: Recording): void {
  const paths = recording.of("file_open").map(({ path, flags }) => ({ path, flags }));
  const told = facts(recording, "file_open").map(({ path }) => ({ path, flags: 0 }));
  assert.deepEqual(paths, told);
}

test("names of any bytes and any length are told as they are", async () => {
  const recording = await record(act("odd_names", "bytes"));

  assertOpens(recording);
  assertTold(recording, "file_rename");
  assertTold(recording, "file_symlink");
  assertTold(recording, "file_unlink");
});

const places: Record<string, string> = {
  links: "an open follows links; a name is told as it was written, and flagged",
  changed_root: "a process with another root is told with paths from the host's root",
  mounts: "a path leads over the mounts of the namespace that it is in",
  gone_directory: "a name that starts in a removed directory is told",
};
for (const [place, sentence] of Object.entries(places)) {
  test(sentence, async () => {
    const recording = await record(act("odd_names", place));

    assertOpens(recording);
    if (recording.of("file_rename").length > 0) assertTold(recording, "file_rename");
    if (recording.of("file_unlink").some(({ directory }) => directory === "no")) {
      assert.deepEqual(unlinkedFiles(recording), facts(recording, "file_unlink").map(pathOf));
    }
  });
}

const pathOf = ({ path }: { readonly path?: unknown }) => path;
const unlinkedFiles = (recording: Recording) =>
  recording
    .of("file_unlink")
    .filter(({ directory }) => directory === "no")
    .map(pathOf);

test("paths longer than PATH_MAX are told whole", async () => {
  const recording = await record(act("odd_names", "deep", "50"));

  const [open] = recording.of("file_open");
  assert.ok((open?.path.length ?? 0) > 10_000);
  assertOpens(recording);
  assert.deepEqual(unlinkedFiles(recording), facts(recording, "file_unlink").map(pathOf));
});

test("paths that do not fit are cut at their beginning, and say so", async () => {
  const recording = await record(act("odd_names", "deep", "130"));

  const whole = String(pathOf(facts(recording, "file_open")[0] ?? {}));
  const [open] = recording.of("file_open");
  assert.ok(open && whole.endsWith(`/${open.path}`) && open.path.length > 24_000);
  assert.equal(open.flags, renameFlags.truncated);
  const [rename] = recording.of("file_rename");
  assert.ok(rename && whole.endsWith(`/${rename.path}`) && rename.path.length > 11_000);
  assert.ok(rename && whole.slice(0, -1).endsWith(rename.new_path.slice(0, -1)));
  assert.equal(rename.flags, renameFlags.truncated | renameFlags.unresolved);
});
