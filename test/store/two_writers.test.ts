import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { openForReading } from "../../src/store/open.ts";
import { scratch } from "./sample.ts";

const child = join(import.meta.dirname, "children", "write_batches.ts");

test("several writers that make the database at once give disjoint ids and share texts", async (t) => {
  const path = join(scratch(t), "jobwarden.db");
  const [writers, batches, size] = [4, 60, 50];

  const running = Array.from({ length: writers }, () =>
    spawn(globalThis.process.execPath, [child, path, `${batches}`, `${size}`], {
      stdio: ["ignore", "ignore", "inherit"],
    }),
  );
  const codes = await Promise.all(running.map(async (one) => (await once(one, "exit"))[0]));

  assert.deepEqual(codes, Array(writers).fill(0));
  const db = openForReading(path);
  t.after(() => db.close());
  const get = (sql: string): unknown => db.prepare(sql).raw().get();
  const events = writers * batches * size;
  assert.deepEqual(get("SELECT count(*), min(id), max(id) FROM file_open"), [events, 1, events]);
  // Each path once, and what a process has: path, arguments, directory.
  const texts = batches * size + 3;
  assert.deepEqual(get("SELECT count(*), count(DISTINCT value) FROM text WHERE id > 0"), [
    texts,
    texts,
  ]);
  assert.deepEqual(get("SELECT count(DISTINCT job), count(*) FROM process"), [
    writers,
    writers * batches,
  ]);
  assert.deepEqual(get("SELECT next FROM sequence"), [events + 1]);
  const outside = `SELECT count(*) FROM file_open AS e JOIN job AS j ON j.id = e.job
                    WHERE e.id NOT BETWEEN j.first_event AND j.last_event`;
  assert.deepEqual(get(outside), [0]);
});
