import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, jobwarden, python, rows, run } from "./harness.ts";
import { listener, reverseShell } from "./reverse_shell.ts";

test("the exit code is the command's own, from 0 to 255", async (t) => {
  const state = folder(t);
  // At the ends, and those that mean something else here.
  const codes = [0, 1, 2, 3, 125, 127, 255];

  const found: (number | null)[] = [];
  for (const code of codes) found.push((await run(["sh", "-c", `exit ${code}`], { state })).exit);

  assert.deepEqual(found, codes);
  const stored = rows<{ exit_code: number }>(state, "SELECT exit_code FROM job ORDER BY exit_code");
  assert.deepEqual(
    stored.map(({ exit_code }) => exit_code),
    codes,
  );
});

test("a command that a signal ends gives 128 and its number, and the record names it", async (t) => {
  const state = folder(t);

  const killed = await run(["sh", "-c", "kill -KILL $$"], { state });
  const ended = await run(["sh", "-c", "kill -TERM $$"], { state });

  assert.deepEqual([killed.exit, killed.signal, ended.exit], [137, null, 143]);
  assert.deepEqual(rows(state, "SELECT exit_code, signal FROM job ORDER BY id"), [
    { exit_code: 137, signal: "SIGKILL" },
    { exit_code: 143, signal: "SIGTERM" },
  ]);
});

test("a command that does not exist is 127, and there is no job", async (t) => {
  const state = folder(t);

  const byName = await run(["no-such-command-1"], { state });
  const byPath = await run(["/nonexistent/x"], { state });

  assert.deepEqual([byName.exit, byPath.exit], [127, 127]);
  assert.match(byName.err, /^jobwarden: no-such-command-1: it is in no directory of PATH\. .+\n$/);
  assert.match(byPath.err, /^jobwarden: \/nonexistent\/x: there is no such file\. .+\n$/);
  const jobs = await jobwarden(["jobs"], { state });
  assert.match(jobs.err, /jobwarden\.db is not there/);
});

test("a command that cannot be executed is 126 and says why", async (t) => {
  const state = folder(t);
  const cwd = folder(t);
  writeFileSync(join(cwd, "plain"), "echo no\n");
  mkdirSync(join(cwd, "directory"));
  writeFileSync(join(cwd, "binary"), Buffer.from("\x7fELF not one"));
  chmodSync(join(cwd, "binary"), 0o755);

  const plain = await run(["./plain"], { state, cwd });
  const directory = await run(["./directory"], { state, cwd });
  const long = await run(["true", "x".repeat(131_060)], { state, cwd });

  assert.deepEqual([plain.exit, directory.exit, long.exit], [126, 126, 0]);
  assert.match(plain.err, /^jobwarden: \.\/plain has no permission to be executed\. .+\n$/);
  assert.match(directory.err, /^jobwarden: \.\/directory is not a file\. .+\n$/);
});

test("a script without an interpreter's line runs, as from a shell", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "script"), 'echo "$1"\n');
  chmodSync(join(cwd, "script"), 0o755);

  const { exit, out } = await run(["./script", "word"], { state: folder(t), cwd });

  assert.deepEqual([exit, out.toString()], [0, "word\n"]);
});

test("a command whose interpreter is missing says so, and the job has no process", async (t) => {
  const state = folder(t);
  const cwd = folder(t);
  writeFileSync(join(cwd, "script"), "#!/nonexistent/interpreter\n");
  chmodSync(join(cwd, "script"), 0o755);

  const { exit, err } = await run(["./script"], { state, cwd });

  assert.equal(exit, 127);
  assert.equal(err, "jobwarden: ./script cannot be executed: No such file or directory.\n");
  assert.deepEqual(rows(state, "SELECT state, exit_code FROM job"), [
    { state: "ended", exit_code: 127 },
  ]);
  assert.deepEqual(rows(state, "SELECT id FROM process"), []);
});

test("a finding turns 0 into 3, and nothing else", async (t) => {
  const state = folder(t);
  const port = await listener(t);
  const act = reverseShell(port);

  const found = await jobwarden(["run", "--", python, "-c", act], { state });
  const failed = await jobwarden(["run", "--", python, "-c", `${act}; raise SystemExit(9)`], {
    state,
  });
  const never = await jobwarden(["run", "--fail-on=never", "--", python, "-c", act], { state });
  const critical = await jobwarden(["run", "--fail-on=critical", "--", python, "-c", act], {
    state,
  });

  assert.deepEqual([found.exit, failed.exit, never.exit, critical.exit], [3, 9, 0, 0]);
  for (const { err } of [found, failed, never, critical]) assert.match(err, /TRC-101/);
});
