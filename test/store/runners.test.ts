import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import Database from "better-sqlite3";
import type { FoundRunner } from "../../src/jobs/runner.ts";
import { Runners, runnerTable } from "../../src/store/runners.ts";
import { hostile, someTime } from "./sample.ts";

const found: FoundRunner = {
  root: `/opt/${hostile}`,
  root_inode: 12n,
  root_device: 34,
  name: hostile,
  id: 7,
  url: "https://github.com/octo/app",
  work_folder: "/opt/work",
  ephemeral: true,
  unit: "actions.runner.octo-app.one.service",
  user: "runner",
  uid: 1001,
  version: "2.336.0",
  listener_pids: [42],
  sources: ["unit", "listener"],
};
const stored = {
  id: 1,
  root: found.root,
  name: hostile,
  runner_id: 7,
  url: found.url,
  work_folder: found.work_folder,
  user: "runner",
  unit: found.unit,
  version: "2.336.0",
  ephemeral: true,
  state: "present",
  first_seen_us: someTime,
  last_seen_us: someTime,
};

test("a runner is stored whole, hostile text included", (t) => {
  const runners = inMemory(t);

  const id = runners.upsert(found, someTime);

  assert.equal(id, 1);
  assert.deepEqual(runners.all(), [stored]);
});

test("what is not known of a runner is absent", (t) => {
  const runners = inMemory(t);
  const nothing = { name: null, id: null, url: null, unit: null, user: null, version: null };

  runners.upsert({ ...found, ...nothing, ephemeral: false }, someTime);

  const { id: _, ...absent } = nothing;
  const expected = { ...stored, ...absent, runner_id: null, ephemeral: false };
  assert.deepEqual(runners.all(), [expected]);
});

test("a root that is seen again keeps its id and its first time, and takes the rest", (t) => {
  const runners = inMemory(t);
  const first = runners.upsert(found, someTime);
  const other = runners.upsert({ ...found, root: "/opt/other" }, someTime + 1);
  const news = {
    name: "two",
    url: "https://github.com/octo",
    work_folder: "/w",
    user: "ci",
    unit: "actions.runner.octo.two.service",
    version: "2.337.0",
    ephemeral: false,
  };

  const again = runners.upsert({ ...found, ...news, id: 8 }, someTime + 2);
  const next = runners.upsert({ ...found, root: "/opt/next" }, someTime + 3);

  assert.deepEqual([first, other, again, next], [1, 2, 1, 3]);
  const [row] = runners.all();
  assert.deepEqual(row, { ...stored, ...news, runner_id: 8, last_seen_us: someTime + 2 });
});

test("a removed runner stays in the table, and is present again when it comes back", (t) => {
  const runners = inMemory(t);
  runners.upsert(found, someTime);

  const isThere = runners.removed(found.root, someTime + 5);
  const isOther = runners.removed("/opt/other", someTime + 5);

  assert.deepEqual([isThere, isOther], [true, false]);
  assert.deepEqual(runners.all(), [{ ...stored, state: "removed", last_seen_us: someTime + 5 }]);
  runners.upsert(found, someTime + 9);
  assert.deepEqual(runners.all(), [{ ...stored, last_seen_us: someTime + 9 }]);
});

test("the table refuses a state that is none", (t) => {
  const db = new Database(":memory:");
  t.after(() => db.close());
  db.exec(runnerTable);
  new Runners(db).upsert(found, someTime);

  assert.throws(() => db.exec("UPDATE runner SET state = 'lost'"), /CHECK constraint failed/);
});

function inMemory(t: TestContext): Runners {
  const db = new Database(":memory:");
  t.after(() => db.close());
  db.exec(runnerTable);
  return new Runners(db);
}
