import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { folder, jobwarden, parsed, python, rows, start } from "./harness.ts";
import { listener, reverseShell } from "./reverse_shell.ts";

/** Renames, then fills the disk, renames and does what makes a finding, and waits to be told. */
const act = (port: number, ballast: string) => `
import os, sys
def rename(times):
    for i in range(times): os.rename("a", "b"); os.rename("b", "a")
open("a", "w").close()
told = os.fdopen(os.dup(0))
rename(100)
with open("${ballast}", "wb", buffering=0) as file:
    try:
        while True: file.write(bytes(4096))
    except OSError: pass
rename(1000)
${reverseShell(port)}
told.readline()
if sys.argv[1] == "frees": os.unlink("${ballast}"); rename(100)
`;

test("while the disk is full events are lost and counted, findings are kept, and it goes on", async (t) => {
  const state = smallDisk(t);
  const cwd = folder(t);
  const port = await listener(t);
  const source = act(port, join(state, "ballast"));

  const started = start(["run", "--", python, "-c", source, "frees"], { state, cwd });
  await findingShown(started);
  started.write("\n");
  const { exit, err } = await started.ended;

  assert.equal(exit, 3, err);
  const lost = rows<{ kind: string; lost: number }>(state, "SELECT kind, lost FROM loss");
  const renames = rows<{ n: number }>(state, "SELECT count(*) AS n FROM file_rename")[0]?.n ?? 0;
  const lostRenames = lost.find(({ kind }) => kind === "file_rename")?.lost ?? 0;
  assert.equal(renames + lostRenames, 2400);
  assert.ok(lostRenames > 0 && renames >= 200, `${renames} stored`);
  assert.match(err, /record +incomplete: .*file_rename/);
  assert.match(err, /trouble +\d+ times nothing could be stored: .*SQLITE_FULL/);
  assert.deepEqual(rows(state, "SELECT state, complete FROM job"), [
    { state: "ended", complete: 0 },
  ]);
  assert.deepEqual(rows(state, "SELECT signature, event_id FROM finding"), [
    { signature: "TRC-101", event_id: 0 },
  ]);
  const [tree] = parsed((await jobwarden(["tree", "last", "--json"], { state })).out);
  assert.equal(tree?.["exit_code"], 0);
  assert.deepEqual(tree?.["args"], [python, "-c", source, "frees"]);
  assert.deepEqual(rows(state, "PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
});

test("when the disk stays full the end is not stored, which is said, and the next run works", async (t) => {
  const state = smallDisk(t);
  const cwd = folder(t);
  const port = await listener(t);
  const source = act(port, join(state, "ballast"));

  const started = start(["run", "--", python, "-c", source, "keeps"], { state, cwd });
  await findingShown(started);
  started.write("\n");
  const { exit, err } = await started.ended;
  rmSync(join(state, "ballast"));
  const next = await jobwarden(["run", "--quiet", "--", "true"], { state });

  assert.equal(exit, 125);
  assert.match(
    err,
    /^jobwarden: the end of job 1 and \d+ events before it could not be stored: .+; make room .+\.$/m,
  );
  assert.deepEqual([next.exit, next.err], [0, ""]);
  assert.deepEqual(rows(state, "SELECT state, complete FROM job ORDER BY id"), [
    { state: "interrupted", complete: 0 },
    { state: "ended", complete: 1 },
  ]);
});

test("a database that a job removes is missed, and the next run makes a new one", async (t) => {
  const state = folder(t);

  const { exit, err } = await jobwarden(["run", "--", "sh", "-c", 'rm "$JOBWARDEN_STATE"/*'], {
    state,
  });
  const next = await jobwarden(["run", "--", "true"], { state });

  assert.equal(exit, 125);
  assert.match(err, /^jobwarden: .*jobwarden\.db was removed or replaced while job 1 ran; .+\.\n$/);
  assert.equal(next.exit, 0);
});

/** It is shown after the batch that it is of was tried. */
const findingShown = ({ child }: ReturnType<typeof start>): Promise<void> =>
  new Promise((resolve, reject) => {
    child.stderr?.on("data", (piece) => String(piece).includes("TRC-101") && resolve());
    child.on("close", () => reject(new Error("no finding was shown")));
  });

/** A file system of three MiB, for the state only. */
function smallDisk(t: TestContext): string {
  const state = mkdtempSync(join(realpathSync(tmpdir()), "jobwarden-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=3m", "jobwarden-test", state]);
  assert.equal(mounted.status, 0, `${mounted.stderr}`);
  t.after(() => {
    spawnSync("umount", [state]);
    rmdirSync(state);
  });
  return state;
}
