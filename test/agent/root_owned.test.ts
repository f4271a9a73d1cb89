import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isRootOwned } from "../../agent/root_owned.ts";
import { folder } from "./harness.ts";

const nobody = 65_534;

/** A program in a directory that only root can write to, below one that everybody can. */
function aProgram(t: TestContext): { readonly directory: string; readonly program: string } {
  const directory = join(folder(t), "bin");
  mkdirSync(directory, { mode: 0o755 });
  const program = join(directory, "sh");
  writeFileSync(program, "", { mode: 0o755 });
  return { directory, program };
}

test("only root can change the shell of this host, and everybody one below /tmp", (t) => {
  const { program } = aProgram(t);

  assert.equal(isRootOwned("/usr/bin/dash"), true);
  assert.equal(isRootOwned("/"), true);
  assert.equal(isRootOwned(program), false);
});

test("what is not there, or not named whole, is not root's", () => {
  assert.equal(isRootOwned("/usr/bin/there-is-no-such-program"), false);
  assert.equal(isRootOwned("usr/bin/dash"), false);
  assert.equal(isRootOwned(""), false);
});

test("a program, or a directory on its way, that another user owns or may write to is not root's", () => {
  // Of the folders that every host has, one that is root's with all above it.
  const directory = mkdtempSync("/var/lib/jobwarden-test-");
  const program = join(directory, "sh");
  chmodSync(directory, 0o755);
  try {
    writeFileSync(program, "");
    /** Mode and owner of the directory, and of the program. */
    const told = [
      [0o755, 0, 0o755, 0],
      [0o755, 0, 0o775, 0],
      [0o755, 0, 0o757, 0],
      [0o755, 0, 0o755, nobody],
      [0o777, 0, 0o755, 0],
      [0o755, nobody, 0o755, 0],
    ].map(([mode = 0, owner = 0, program_mode = 0, program_owner = 0]) => {
      chownSync(directory, owner, nobody);
      chmodSync(directory, mode);
      chownSync(program, program_owner, nobody);
      chmodSync(program, program_mode);
      return isRootOwned(program);
    });

    // A group that may not write owns nothing.
    assert.deepEqual(told, [true, false, false, false, false, false]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("a link is what it leads to, and lies where it lies", (t) => {
  const { directory } = aProgram(t);
  symlinkSync("/usr/bin/dash", join(directory, "link"));

  // The directory of the link is everybody's.
  assert.equal(isRootOwned(join(directory, "link")), false);
});
