import assert from "node:assert/strict";
import { appendFileSync, lstatSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isSameFile } from "../../agent/same_file.ts";
import type { WrittenFile } from "../../src/jobs/edge.ts";
import { folder } from "./harness.ts";

/** The file as the end of a job finds it. */
function left(path: string): WrittenFile {
  const { ino, ctimeNs } = lstatSync(path, { bigint: true });
  return {
    ...{ job: 1, device: 0, inode: Number(ino), path, process_key: 1, time_us: 1 },
    ctime_ns: String(ctimeNs),
  };
}

/** The kernel's clock of files ticks a few hundred times a second: until it has. */
function untilLater(path: string): void {
  const before = lstatSync(path, { bigint: true }).ctimeNs;
  const probe = `${path}.probe`;
  do {
    rmSync(probe, { force: true });
    writeFileSync(probe, "");
  } while (lstatSync(probe, { bigint: true }).ctimeNs <= before);
  rmSync(probe);
}

test("a file that nobody touched is the same; one that is read or used is too", (t) => {
  const path = join(folder(t), "tool");
  writeFileSync(path, "#!/bin/sh\n");

  assert.equal(isSameFile(left(path)), true);
});

test("a file that was changed, replaced, or made anew with the same inode is not proved", (t) => {
  const path = join(folder(t), "tool");
  writeFileSync(path, "one");
  const first = left(path);

  untilLater(path);
  appendFileSync(path, "two");
  assert.equal(isSameFile(first), false, "changed");

  const second = left(path);
  writeFileSync(`${path}.new`, "three");
  renameSync(`${path}.new`, path);
  assert.equal(isSameFile(second), false, "replaced");

  const third = left(path);
  untilLater(path);
  rmSync(path);
  assert.equal(isSameFile(third), false, "gone");
  writeFileSync(path, "four");
  // Whatever number it has got: as if it were the old one.
  assert.equal(isSameFile({ ...third, inode: left(path).inode }), false, "inode used again");
});
