import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { databaseFile } from "../../../src/cli/database.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { Signature } from "../../../src/engine/signature.ts";
import { ProcessTree } from "../../../src/jobs/process_tree.ts";
import { stdioOverSocket } from "../../../src/signatures/stdio_over_socket.ts";
import { openForWriting } from "../../../src/store/open.ts";
import { Writer } from "../../../src/store/writer.ts";
import { complete } from "../../engine/sample.ts";
import { jobwarden, parsedLines } from "../border.ts";
import { ended, sampleState, scratch, startJob } from "../database.ts";

/** Job 1, `attack`: what TRC-101 fires on, stored as the agent stores it. @param found or not */
function attacked(t: TestContext, found = true): string {
  const state = scratch(t);
  const db = openForWriting(databaseFile(state));
  const writer = new Writer(db);
  const job = startJob(writer, "attack", "sh");
  const tree = new ProcessTree();
  const engine = new Engine([stdioOverSocket as Signature], tree, job);
  writer.begin();
  const rows = new Map<number, number>();
  for (const sample of stdioOverSocket.examples.fires[0]) {
    const event = { ...complete(sample), time_us: 1_000_000 };
    const process = tree.apply(event);
    const row = process && (rows.get(process.process_key) ?? writer.addProcess(job, process));
    if (row) rows.set(event.process_key, row);
    const id = writer.addEvent(event, job, row ?? 0);
    for (const finding of engine.judge(event, id)) if (found) writer.addFinding(finding);
  }
  writer.commit();
  writer.endJob(job, ended(0, true));
  db.close();
  return state;
}

const marksOf = (out: string) =>
  (parsedLines(out) as Record<string, unknown>[])
    .filter(({ type }) => type === "finding")
    .map(({ mark, signature }) => [mark, signature]);

test("a stored job that is judged again has the findings that it had", async (t) => {
  const state = attacked(t);

  const text = await jobwarden(["replay", "attack", "--signature", "TRC-101"], { state });
  const json = await jobwarden(["replay", "--signature", "stdio_over_socket", "--json"], { state });

  assert.equal(text.exit, 0);
  assert.match(text.out, /^job 1 {2}attack {2}\d+ events?, 1 finding, as stored\nsame {2}HIGH/);
  assert.equal(json.exit, 0);
  assert.deepEqual(marksOf(json.out), [["same", "TRC-101"]]);
});

test("what was not found then is new, what is not found now is gone", async (t) => {
  const before = await jobwarden(["replay", "--signature", "TRC-101", "--json"], {
    state: attacked(t, false),
  });
  const after = await jobwarden(["replay", "build", "--signature", "TRC-101", "--json"], {
    state: sampleState(t),
  });

  assert.equal(before.exit, 3);
  assert.deepEqual(marksOf(before.out), [["new", "TRC-101"]]);
  assert.equal(after.exit, 3);
  // Its one finding has a key that no event of it makes, and its connect on descriptor 0 another.
  assert.deepEqual(marksOf(after.out), [
    ["new", "TRC-101"],
    ["gone", "TRC-101"],
  ]);
});

test("nothing is stored by it", async (t) => {
  const state = attacked(t, false);

  await jobwarden(["replay"], { state });

  assert.equal((await jobwarden(["findings"], { state })).out, "nothing detected\n");
});

test("a signature that does not exist is named, with the one that was meant", async (t) => {
  const { exit, err } = await jobwarden(["replay", "--signature", "TRC-110"], {
    state: sampleState(t),
  });

  assert.equal(exit, 2);
  assert.match(err, /there is no signature "TRC-110"; did you mean/);
});
