import assert from "node:assert/strict";
import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RunnerWatch } from "../../agent/runner_watch.ts";
import { end, makeRunner, onlyBelow, place, startListener, writeUnit } from "./runner_place.ts";

test("a scan tells what came, what changed and what went since the one before", (t) => {
  const at = place(t);
  const unit = "etc/actions.runner.a.service";
  const [a, b] = [join(at, "a"), join(at, "b")];
  const { scan, watch } = watching(at, [b]);
  makeRunner(a);
  writeUnit(at, unit, [`ExecStart=${a}/runsvc.sh`]);

  const first = scan();
  const same = scan();
  makeRunner(b);
  makeRunner(a, { agentName: "other" });
  const second = scan();
  rmSync(join(at, unit));
  rmSync(a, { recursive: true });
  const third = scan();

  const none = { removed: [], added: [], changed: [] };
  assert.deepEqual([first, same], [{ ...none, added: [a] }, none]);
  assert.deepEqual(second, { ...none, added: [b], changed: [a] });
  assert.deepEqual(third, { ...none, removed: [a] });
  assert.deepEqual(
    watch.runners.map(({ root, name }) => [root, name]),
    [[b, "one"]],
  );
});

test("a runner is known until its record is gone, whoever starts it again", async (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  const { scan, watch } = watching(at);
  const listener = await startListener(t, root);
  const started = scan();
  await end(listener);

  const stopped = scan();
  const [{ sources, listener_pids } = assert.fail()] = watch.runners;
  rmSync(join(root, ".runner"));
  const gone = scan();

  const none = { removed: [], added: [], changed: [] };
  assert.deepEqual(started, { ...none, added: [root] });
  assert.deepEqual(stopped, { ...none, changed: [root] });
  assert.deepEqual([sources, listener_pids], [[], []]);
  assert.deepEqual(gone, { ...none, removed: [root] });
  assert.deepEqual(watch.problems, []);
});

test("an update and a restart of the Listener change a runner", async (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  const { scan, watch } = watching(at);
  const old = await startListener(t, root);
  scan();
  renameSync(join(root, "bin"), join(root, "bin.2.335.1"));
  mkdirSync(join(root, "bin.2.336.0"));
  symlinkSync(join(root, "bin.2.336.0"), join(root, "bin"));
  await end(old);
  const fresh = await startListener(t, root, { directory: "bin.2.336.0" });

  const { changed } = scan();

  assert.deepEqual(changed, [root]);
  const [{ version, listener_pids } = assert.fail()] = watch.runners;
  assert.deepEqual([version, listener_pids], ["2.336.0", [fresh.pid]]);
});

test("another directory under the same path is another runner", (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  const { scan, watch } = watching(at, [root]);
  scan();
  const [before = assert.fail()] = watch.runners;
  renameSync(root, join(at, "old"));
  makeRunner(root);

  const changes = scan();

  const [after = assert.fail()] = watch.runners;
  assert.deepEqual(changes, { removed: [root], added: [root], changed: [] });
  assert.notEqual(after.root_inode, before.root_inode);
});

test("a link put in the place of a remembered runner leads to none", async (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  const { scan } = watching(at);
  const listener = await startListener(t, root);
  scan();
  await end(listener);
  renameSync(root, join(at, "elsewhere"));
  symlinkSync(join(at, "elsewhere"), root);

  assert.deepEqual(scan(), { removed: [root], added: [], changed: [] });
});

test("a problem is told once, and again after it was gone", (t) => {
  const at = place(t);
  const root = join(at, "runner");
  const watch = new RunnerWatch({ ...onlyBelow(at), roots: [root] });
  const told = (): number => watch.scan().problems.filter(({ path }) => path === root).length;

  const counts = [told(), told()];
  assert.equal(watch.problems.filter(({ path }) => path === root).length, 1);
  makeRunner(root);
  counts.push(told());
  rmSync(root, { recursive: true });
  counts.push(told());

  assert.deepEqual(counts, [1, 0, 0, 1]);
});

/** A watch whose changes are the roots below `at`: other tests may run Listeners of their own. */
function watching(at: string, roots: readonly string[] = []) {
  const watch = new RunnerWatch({ ...onlyBelow(at), roots, isTraced: isOther(at) });
  const scan = () => {
    const { removed, added, changed } = watch.scan();
    const rootsOf = (runners: typeof removed) => runners.map(({ root }) => root);
    return { removed: rootsOf(removed), added: rootsOf(added), changed: rootsOf(changed) };
  };
  return { watch, scan };
}

const isOther =
  (at: string) =>
  (pid: number): boolean => {
    try {
      return !readlinkSync(`/proc/${pid}/exe`).startsWith(at);
    } catch {
      return true; // it ended meanwhile
    }
  };
