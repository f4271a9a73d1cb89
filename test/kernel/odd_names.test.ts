import assert from "node:assert/strict";
import { test } from "node:test";
import { recordFlags } from "../../src/events/schema.ts";
import { act, assertRecorded, assertTold, facts } from "./acts.ts";
import { type Recording, record, resolvesNames } from "./record.ts";

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
    for (const event of ["file_rename", "file_unlink"] as const) {
      assertRecorded(recording, event, facts(recording, event));
    }
  });
}

const pathOf = ({ path }: { readonly path?: unknown }) => path;
/** The bytes that a path may have where it is kept until the end of its call, and elsewhere. */
const kept = 8000;

test("paths longer than PATH_MAX are told whole, or cut at their beginning where one is kept", async () => {
  const recording = await record(act("odd_names", "deep", "50"));

  assertOpens(recording);
  const whole = String(pathOf(facts(recording, "file_unlink")[0] ?? {}));
  assert.ok(whole.length > 10_000);
  const unlink = recording.of("file_unlink").find(({ directory }) => directory === "no");
  const path = resolvesNames() ? whole.slice(whole.indexOf("/", whole.length - kept) + 1) : whole;
  assert.equal(unlink?.path, path);
  assert.equal(unlink?.flags, resolvesNames() ? recordFlags.truncated : recordFlags.unresolved);
});

test("paths that do not fit are cut at their beginning, and say so", async () => {
  const recording = await record(act("odd_names", "deep", "130"));

  const whole = String(pathOf(facts(recording, "file_open")[0] ?? {}));
  const [open] = recording.of("file_open");
  assert.ok(open && whole.endsWith(`/${open.path}`) && open.path.length > 24_000);
  assert.equal(open.flags, recordFlags.truncated);
  const [rename] = recording.of("file_rename");
  const least = resolvesNames() ? kept - 512 : 11_000;
  assert.ok(rename && whole.endsWith(`/${rename.path}`) && rename.path.length > least);
  assert.ok(rename && whole.slice(0, -1).endsWith(rename.new_path.slice(0, -1)));
  const unresolved = resolvesNames() ? 0 : recordFlags.unresolved;
  assert.equal(rename.flags, recordFlags.truncated | unresolved);
});
