import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { openForWriting } from "../../src/store/open.ts";
import { scratch } from "./sample.ts";

const child = join(import.meta.dirname, "children", "write_batches.ts");
const size = 50;

/** @returns the batches that a child said to have committed, before it was killed */
async function killedAfter(path: string, reports: number, then_ms: number): Promise<number> {
  const writing = spawn(globalThis.process.execPath, [child, path, "1000000", `${size}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  writing.stdout.setEncoding("utf8").on("data", (text: string) => {
    const isDue = said.split("\n").length <= reports;
    said += text;
    // At a moment that has nothing to do with where the child is in a batch.
    if (isDue && said.split("\n").length > reports)
      setTimeout(() => writing.kill("SIGKILL"), then_ms);
  });
  await once(writing, "close");
  assert.equal(writing.signalCode, "SIGKILL");
  return Number(said.trimEnd().split("\n").at(-1));
}

test("killed at any moment, the database opens with every batch that was committed", async (t) => {
  const path = join(scratch(t), "jobwarden.db");
  let job = 0;

  for (let round = 0; round < 25; round++) {
    const said = await killedAfter(path, 1 + round * 3, Math.random() * 10);
    job++;

    const db = openForWriting(path);
    assert.equal(db.pragma("integrity_check", { simple: true }), "ok");
    const batches = db
      .prepare<[number], [number, number, number]>(
        "SELECT inode, count(*), sum(count) FROM file_open WHERE job = ? GROUP BY inode ORDER BY inode",
      )
      .raw()
      .all(job);
    // The last one may have been committed and not said.
    assert.ok(batches.length === said || batches.length === said + 1, `${batches.length} ${said}`);
    assert.deepEqual(
      batches,
      batches.map((_, i) => [i + 1, size, size + 1]),
    );
    const counted = db
      .prepare("SELECT stored, happened FROM event_count WHERE job = ?")
      .raw()
      .get(job);
    assert.deepEqual(counted, [batches.length * size, batches.length * (size + 1)]);
    const unknown = db.prepare(
      "SELECT count(*) FROM file_open WHERE path NOT IN (SELECT id FROM text) OR process NOT IN (SELECT id FROM process)",
    );
    assert.equal(unknown.pluck().get(), 0);
    db.close();
  }
});
