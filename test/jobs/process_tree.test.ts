import assert from "node:assert/strict";
import { test } from "node:test";
import type { JobEvent } from "../../src/events/index.ts";
import { ProcessTree, type TrackedProcess } from "../../src/jobs/process_tree.ts";
import { complete } from "../engine/sample.ts";

const joins = (key: number, time_us = key) =>
  complete({ event: "cgroup_move", moved_key: key, moved_pid: 100 + key, joined: "yes", time_us });
const forks = (key: number, child_key: number, time_us = child_key) =>
  complete({
    event: "process_fork",
    process_key: key,
    parent_key: key,
    child_key,
    child_pid: 100 + child_key,
    time_us,
  });
const execs = (key: number, path: string, parent_key = 0, time_us = key) =>
  complete({
    event: "process_exec",
    process_key: key,
    parent_key,
    pid: 100 + key,
    path,
    args: [path, "-x"],
    cwd: "/src",
    time_us,
  });
const exits = (key: number, time_us = 1_000 + key) =>
  complete({ event: "process_exit", process_key: key, time_us });
const opens = (key: number, time_us: number) =>
  complete({ event: "file_open", process_key: key, path: "/etc/hosts", time_us });

function treeOf(events: readonly JobEvent[], limit?: number): ProcessTree {
  const tree = new ProcessTree(limit === undefined ? {} : { limit });
  for (const event of events) tree.apply(event);
  return tree;
}

const keys = (processes: readonly TrackedProcess[]) => processes.map((one) => one.process_key);

/** What a tree says of processes 1 to `count`, without what the tree keeps for itself. */
const view = (tree: ProcessTree, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const one = tree.get(i + 1);
    if (!one) return undefined;
    const { process_key, parent_key, pid, started_us, ended_us, path, args, cwd, execs } = one;
    return { process_key, parent_key, pid, started_us, ended_us, path, args, cwd, execs };
  });

test("a process is what its fork, execs and exit say", () => {
  const tree = treeOf([
    joins(1),
    execs(1, "/bin/sh"),
    forks(1, 2, 5),
    execs(2, "/bin/a", 1),
    exits(2),
  ]);

  assert.deepEqual(view(tree, 2)[1], {
    process_key: 2,
    parent_key: 1,
    pid: 102,
    started_us: 5,
    ended_us: 1_002,
    path: "/bin/a",
    args: ["/bin/a", "-x"],
    cwd: "/src",
    execs: 1,
  });
  assert.deepEqual([tree.live, tree.total], [1, 2]);
});

test("a child shows its parent's program until its own exec, whatever the parent does then", () => {
  const tree = treeOf([execs(1, "/bin/sh"), forks(1, 2), execs(1, "/bin/make")]);

  assert.equal(tree.get(2)?.path, "/bin/sh");
  assert.deepEqual(tree.get(2)?.args, ["/bin/sh", "-x"]);
  assert.equal(tree.get(2)?.execs, 0);
});

test("with CLONE_PARENT the program is the forker's and the parent is another", () => {
  const clone = complete({ event: "process_fork", process_key: 2, parent_key: 1, child_key: 3 });
  const tree = treeOf([execs(1, "/bin/sh"), forks(1, 2), execs(2, "/bin/a", 1), clone]);

  assert.equal(tree.get(3)?.path, "/bin/a");
  assert.equal(tree.get(3)?.parent_key, 1);
});

test("an event of an unknown process makes a placeholder, which its fork completes", () => {
  const tree = treeOf([execs(1, "/bin/sh"), opens(2, 7)]);
  assert.equal(tree.get(2)?.pid, 0);

  tree.apply(forks(1, 2, 6));

  const completed = tree.get(2);
  assert.deepEqual(
    [completed?.pid, completed?.parent_key, completed?.started_us, completed?.path],
    [102, 1, 6, "/bin/sh"],
  );
  assert.equal(tree.total, 2);
});

test("a process whose fork was lost has its parent from its exec", () => {
  const tree = treeOf([execs(1, "/bin/sh"), execs(2, "/bin/a", 1)]);

  assert.deepEqual(keys(tree.ancestry(2)), [1]);
});

test("an orphan keeps the parent that its fork named", () => {
  const tree = treeOf([
    execs(1, "/bin/sh"),
    forks(1, 2),
    forks(2, 3),
    exits(2),
    execs(3, "/bin/a", 1),
  ]);

  assert.deepEqual(keys(tree.ancestry(3)), [2, 1]);
});

test("a move by somebody outside the job makes no process of him", () => {
  const tree = new ProcessTree();

  assert.equal(tree.apply(joins(1)), undefined);
  assert.deepEqual([tree.total, tree.get(1)?.pid, tree.get(0)], [1, 101, undefined]);
});

test("ancestry ends when events contradict each other into a circle", () => {
  const tree = treeOf([execs(1, "/bin/a", 3), execs(2, "/bin/b", 1), execs(3, "/bin/c", 2)]);

  assert.deepEqual(keys(tree.ancestry(3)), [2, 1]);
  assert.deepEqual(keys(tree.ancestry(9)), []);
});

test("arguments are redacted before they are remembered", () => {
  const tree = new ProcessTree({ redact: (args) => args.map(() => "***") });

  tree.apply(execs(1, "/bin/a"));

  assert.deepEqual(tree.get(1)?.args, ["***", "***"]);
});

test("what is new or changed is told, with the row that the store gave", () => {
  const changed: number[] = [];
  const onChange = (one: TrackedProcess) => {
    if (one.row === 0) one.row = 1_000 + one.process_key;
    changed.push(one.row);
  };
  const tree = new ProcessTree({ onChange });

  for (const event of [execs(1, "/bin/sh"), opens(1, 9), forks(1, 2), opens(2, 9), exits(2)]) {
    tree.apply(event);
  }

  assert.deepEqual(changed, [1_001, 1_001, 1_002, 1_002, 1_002]);
});

test("bulk events may arrive anywhere between the rare ones", () => {
  const random = randomOf(7);
  const rare = [joins(1), execs(1, "/bin/sh")];
  for (let key = 2; key <= 60; key++) {
    rare.push(forks(1 + Math.floor(random() * (key - 1)), key, 10 * key));
    if (random() < 0.7) rare.push(execs(key, `/bin/p${key}`, 0, 10 * key + 1));
  }
  for (let key = 60; key > 30; key--) rare.push(exits(key));
  const bulk = Array.from({ length: 59 }, (_, i) => opens(i + 2, 10 * (i + 2) + 5));
  const expected = view(treeOf(rare), 60);

  for (let round = 0; round < 200; round++) {
    assert.deepEqual(view(treeOf(mixed(rare, bulk, random)), 60), expected);
  }
});

test("no more processes are remembered than the limit, finished ones go first", () => {
  const tree = treeOf([joins(1), execs(1, "/bin/sh")], 100);

  for (let key = 2; key <= 5_000; key++) {
    tree.apply(forks(1, key));
    tree.apply(exits(key));
  }

  assert.deepEqual([tree.size, tree.total, tree.evicted, tree.live], [100, 5_000, 4_900, 1]);
  assert.equal(tree.get(1)?.path, "/bin/sh");
  assert.deepEqual([tree.get(4_901), tree.get(4_902)?.pid], [undefined, 5_002]);
});

test("an ended process with a living descendant stays longer than a finished one", () => {
  const tree = treeOf([joins(1), forks(1, 2), forks(2, 3), exits(2), forks(1, 4), exits(4)], 4);

  tree.apply(forks(1, 5));

  assert.deepEqual(keys(tree.ancestry(3)), [2, 1]);
  assert.equal(tree.get(4), undefined);
});

test("the bound holds in a chain of processes that each fork and exit, and in a fork bomb", () => {
  const chain = new ProcessTree({ limit: 50 });
  const bomb = new ProcessTree({ limit: 50 });

  for (let key = 2; key <= 3_000; key++) {
    chain.apply(forks(key - 1, key));
    chain.apply(exits(key - 1));
    bomb.apply(forks(Math.floor(key / 2), key));
  }

  assert.ok(chain.size <= 50 && bomb.size <= 50);
  assert.equal(chain.live, 1);
  assert.equal(bomb.live, 50);
  assert.equal(bomb.total - bomb.evicted, 50);
  assert.equal(chain.get(3_000)?.parent_key, 2_999);
});

test("a late fork under a finished process delays its end, and nothing is evicted twice", () => {
  const tree = treeOf([joins(1), forks(1, 2), exits(2), forks(2, 3), exits(3), forks(1, 4)], 3);

  for (let key = 5; key <= 40; key++) tree.apply(forks(1, key));

  assert.deepEqual([tree.size, tree.total, tree.evicted, tree.live], [3, 40, 37, 3]);
});

test("a fork that comes after the exec of its child does not take the program back", () => {
  const tree = treeOf([execs(1, "/bin/sh"), execs(2, "/bin/a"), forks(1, 2)]);

  assert.deepEqual([tree.get(2)?.path, tree.get(2)?.parent_key], ["/bin/a", 1]);
});

test("a late fork keeps all its ancestors, when others have finished", () => {
  const ended = [joins(1), forks(1, 2), forks(2, 3), exits(3), exits(2)];
  const tree = treeOf([...ended, forks(3, 4), forks(1, 5), exits(5)], 5);

  tree.apply(forks(1, 6));

  assert.deepEqual(keys(tree.ancestry(4)), [3, 2, 1]);
  assert.equal(tree.get(5), undefined);
});

test("a limit that leaves no room is refused", () => {
  assert.throws(() => new ProcessTree({ limit: 0 }), {
    name: "RangeError",
    message: "a process tree needs room for one process or more, not 0",
  });
});

/** The rare events in their order, the bulk ones anywhere. */
function mixed<T>(rare: readonly T[], bulk: readonly T[], random: () => number): T[] {
  const all: T[] = [...rare];
  for (const one of bulk) all.splice(Math.floor(random() * (all.length + 1)), 0, one);
  return all;
}

/** Mulberry32: the same numbers in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("a process that was found running has the program and the parent that it was found with", () => {
  const tree = treeOf([opens(1, 50)]);

  tree.found({ process_key: 1, parent_key: 0, pid: 101, started_us: 20, path: "/bin/worker" });
  tree.found({ process_key: 2, parent_key: 1, pid: 102, started_us: 30, path: "/bin/sh" });
  // What is known already stays.
  tree.apply(execs(2, "/bin/make", 0, 60));
  tree.found({ process_key: 2, parent_key: 0, pid: 9, started_us: 1, path: "/bin/other" });

  assert.equal(tree.total, 2);
  const told = [...tree.all()].map(({ pid, parent_key, started_us, path }) => [
    ...[pid, parent_key, started_us, path],
  ]);
  assert.deepEqual(told, [
    [101, 0, 20, "/bin/worker"],
    [102, 1, 30, "/bin/make"],
  ]);
});
