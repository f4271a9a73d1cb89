import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readlinkSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { readRoot, readRootOf } from "../../agent/runner_root.ts";
import { end, findBelow, makeRunner, place } from "./runner_place.ts";

test("a runner in another mount namespace is reached through its Listener", async (t) => {
  const at = place(t);
  makeRunner(join(at, "hidden/runner"), { agentName: "outside" });
  const record = '{"agentName":"inside","workFolder":"w"}';
  const root = join(at, "hidden/runner");
  const script = `
    mount -t tmpfs none "$1"
    mkdir -p "$2/bin"
    cp -L /usr/bin/sleep "$2/bin/Runner.Listener"
    printf %s '${record}' > "$2/.runner"
    exec -a sleep "$2/bin/Runner.Listener" 600`;
  const pid = await inNamespace(t, script, [join(at, "hidden"), root]);

  const { runners, problems } = findBelow(at);

  assert.deepEqual(problems, []);
  const [{ root: found, root_inode, name, work_folder } = assert.fail()] = runners;
  const reach = `/proc/${pid}/root${root}`;
  assert.deepEqual([found, name, work_folder], [reach, "inside", `${reach}/w`]);
  assert.equal(root_inode, statSync(reach, { bigint: true }).ino);
});

test("the device of a runner in another mount namespace is that of its file system", async (t) => {
  const at = place(t);
  const script = `
    mount -t tmpfs none "$1"
    mkdir -p "$1/runner/bin"
    cp -L /usr/bin/sleep "$1/runner/bin/Runner.Listener"
    exec -a sleep "$1/runner/bin/Runner.Listener" 600`;
  const pid = await inNamespace(t, script, [at]);

  const [{ root_device } = assert.fail()] = findBelow(at).runners;

  // Device numbers of tmpfs have a major number of 0: both spellings are small and the same.
  assert.equal(BigInt(root_device), statSync(`/proc/${pid}/root${at}`, { bigint: true }).dev);
  assert.notEqual(root_device, readRoot(at).device);
});

test("a runner that another namespace shares with us keeps its own path", async (t) => {
  const at = place(t);
  const root = makeRunner(join(at, "runner"));
  const script = `
    mkdir -p "$1/bin"
    cp -L /usr/bin/sleep "$1/bin/Runner.Listener"
    exec -a sleep "$1/bin/Runner.Listener" 600`;
  const pid = await inNamespace(t, script, [root]);

  const { runners, problems } = findBelow(at);

  assert.deepEqual(problems, []);
  assert.deepEqual(
    runners.map((runner) => [runner.root, runner.listener_pids]),
    [[root, [pid]]],
  );
});

test("no link on the way to another namespace's runner is followed", (t) => {
  const at = place(t);
  makeRunner(join(at, "real/runner"));
  symlinkSync(join(at, "real"), join(at, "link"));

  const through = readRootOf("/proc/self", join(at, "real/runner"));

  assert.equal(through.inode, readRoot(join(at, "real/runner")).inode);
  assert.equal(through.record.name, "one");
  assert.throws(() => readRootOf("/proc/self", join(at, "link/runner")), { code: "ENOTDIR" });
  assert.throws(() => readRootOf("/proc/self", join(at, "link")), { code: "ENOTDIR" });
});

/** Runs a script in a mount namespace of its own, until it has become a Listener. */
async function inNamespace(
  t: TestContext,
  script: string,
  args: readonly string[],
): Promise<number> {
  const command = ["--mount", "--propagation", "private", "bash", "-ec", script, "-", ...args];
  const child = spawn("unshare", command, { stdio: ["ignore", "ignore", "inherit"] });
  t.after(() => end(child));
  const deadline = Date.now() + 20_000;
  while (!isListener(child)) {
    assert.ok(child.exitCode === null && Date.now() < deadline, "it did not become a Listener");
    await wait(10); // an exec in another process is no event here
  }
  return child.pid ?? assert.fail();
}

const isListener = ({ pid }: ChildProcess): boolean =>
  readlinkSync(`/proc/${pid}/exe`).endsWith("/Runner.Listener");
