import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type Database from "better-sqlite3";
import {
  ContainerInsert,
  type StoredContainer,
  StoredContainers,
} from "../../src/store/containers.ts";
import { JobInsert } from "../../src/store/jobs.ts";
import { aJob, hostile, someTime, store } from "./sample.ts";

const agent = { host: "h", boot_id: "b", agent_pid: 42, version: "0.1.0" };

function database(t: TestContext): { db: Database.Database; job: number } {
  const { db } = store(t);
  return { db, job: new JobInsert(db, agent).start(aJob) };
}

const container = (job: number | null, fields: Partial<StoredContainer> = {}): StoredContainer => ({
  ...{ id: "a".repeat(64), name: hostile, image: hostile, labels: { [hostile]: hostile } },
  ...{ job, step_key: 5, cgroup_id: 7, created_us: someTime, removed_us: undefined, how: "id" },
  ...fields,
});

test("a container is stored as it is, and once", (t) => {
  const { db, job } = database(t);
  const insert = new ContainerInsert(db);
  const ended = container(job, { cgroup_id: 8, removed_us: someTime + 1, name: "x" });
  insert.set(container(job));
  const before = new StoredContainers(db).ofJob(job);

  insert.set(ended);

  assert.deepEqual(before, [container(job)]);
  assert.deepEqual(new StoredContainers(db).ofJob(job), [ended]);
});

test("containers of a job, and those of none, come in the order of their start", (t) => {
  const { db, job } = database(t);
  const insert = new ContainerInsert(db);
  const later = container(job, { created_us: someTime + 9, how: "buildkit" });
  const unowned = container(null, { id: "b", step_key: 0, how: "unowned" });

  for (const one of [later, unowned, container(job)]) insert.set(one);

  const stored = new StoredContainers(db);
  assert.deepEqual(stored.ofJob(job), [container(job), later]);
  assert.deepEqual(stored.ofJob(null), [unowned]);
});

test("a container goes with its job", (t) => {
  const { db, job } = database(t);
  new ContainerInsert(db).set(container(job));

  db.prepare("DELETE FROM job WHERE id = ?").run(job);

  assert.deepEqual(new StoredContainers(db).ofJob(job), []);
});
