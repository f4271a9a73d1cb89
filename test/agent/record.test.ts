import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { folder, jobwarden, parsed, python, rows, run } from "./harness.ts";
import { listener, reverseShell } from "./reverse_shell.ts";

const script = `echo a >one; mv one two; ln two three; ln -s two four; chmod 640 two; : >five; rm five
(exit 3); sh -c "exit 4"; true`;

test("the processes of a job are exactly those that were started, with what they were", async (t) => {
  const { state, cwd } = await traced(t);

  const { out } = await jobwarden(["tree", "last", "--json"], { state });

  const found = parsed(out).map(({ args, exit_code, level, execs, path, cwd, parent }) => [
    args,
    exit_code,
    level,
    execs,
    path,
    cwd,
    parent,
  ]);
  assert.deepEqual(found, [
    [["sh", "-c", script], 0, 1, 1, "/usr/bin/dash", cwd, null],
    [["mv", "one", "two"], 0, 2, 1, "/usr/bin/mv", cwd, 1],
    [["ln", "two", "three"], 0, 2, 1, "/usr/bin/ln", cwd, 1],
    [["ln", "-s", "two", "four"], 0, 2, 1, "/usr/bin/ln", cwd, 1],
    [["chmod", "640", "two"], 0, 2, 1, "/usr/bin/chmod", cwd, 1],
    [["rm", "five"], 0, 2, 1, "/usr/bin/rm", cwd, 1],
    [["sh", "-c", script], 3, 2, 0, "/usr/bin/dash", cwd, 1],
    [["sh", "-c", "exit 4"], 4, 2, 1, "/usr/bin/dash", cwd, 1],
  ]);
});

test("the events of a job are as many of each kind as were done", async (t) => {
  const { state } = await traced(t);

  const { out } = await jobwarden(["show", "last", "--json"], { state });

  const [job] = parsed(out);
  const all = job?.["event_counts"] ?? [];
  const counts = (all as { kind: string; happened: number }[])
    .filter(({ kind }) => kind !== "file_open") // the loader's and the libraries' own are among them
    .map(({ kind, happened }) => [kind, happened]);
  assert.deepEqual(Object.fromEntries(counts), {
    process_fork: 7,
    process_exec: 7,
    process_exit: 8,
    // Onto standard output and back, twice.
    descriptor_duplicate: 4,
    file_write: 1,
    file_rename: 1,
    file_link: 1,
    file_symlink: 1,
    file_chmod: 1,
    file_unlink: 1,
  });
  assert.deepEqual([job?.["complete"], job?.["losses"], job?.["processes"]], [true, [], 8]);
});

test("each change of a file is there as it was done", async (t) => {
  const { state, cwd } = await traced(t);
  const events = async (kind: string) =>
    parsed((await jobwarden(["events", "last", "--json", "--kind", kind], { state })).out);

  const opened = (await events("file_open")).filter(({ path }) => `${path}`.startsWith(`${cwd}/`));
  const one = (kind: string) => events(kind).then(([event]) => event);

  assert.deepEqual(
    opened.map(({ path, access, created }) => [path, access, created]),
    [
      [join(cwd, "one"), "write", "yes"],
      [join(cwd, "five"), "write", "yes"],
    ],
  );
  assert.equal((await one("file_write"))?.["path"], join(cwd, "one"));
  const rename = await one("file_rename");
  assert.deepEqual([rename?.["path"], rename?.["new_path"]], [join(cwd, "one"), join(cwd, "two")]);
  const link = await one("file_link");
  assert.deepEqual([link?.["path"], link?.["new_path"]], [join(cwd, "two"), join(cwd, "three")]);
  assert.equal((await one("file_unlink"))?.["path"], join(cwd, "five"));
});

test("jobs, show, tree, events and sql tell of a job in words", async (t) => {
  const { state, cwd } = await traced(t);
  const said = async (...argv: string[]) => (await jobwarden(argv, { state })).out.toString();

  assert.match(await said("jobs"), /1 +demo .*exit code 0 +complete +nothing detected/);
  assert.match(await said("show", "demo"), /record +complete\n +saw +8 processes/);
  assert.match(await said("tree", "1"), /├─ mv one two \[\d+\] +exit 0/);
  assert.match(await said("events", "last", "--kind", "file_rename"), new RegExp(`${cwd}/two`));
  assert.match(await said("findings"), /nothing detected/);
  assert.match(await said("sql", "SELECT count(*) AS n FROM process_view"), /\n *8\n/);
});

test("a finding is stored with the process that did it and its ancestors", async (t) => {
  const state = folder(t);
  const port = await listener(t);
  const act = `${python} -c "${reverseShell(port)}"; true`;

  await run(["sh", "-c", act], { state });
  const { out } = await jobwarden(["findings", "--json"], { state });

  const [found, ...more] = parsed(out);
  assert.deepEqual(more, []);
  assert.deepEqual([found?.["signature"], found?.["severity"]], ["TRC-101", "high"]);
  assert.match(JSON.stringify(found?.["evidence"]), new RegExp(`127\\.0\\.0\\.1:${port}`));
  const process = found?.["process"] as { args: string[] };
  const ancestry = found?.["ancestry"] as { args: string[] }[];
  assert.deepEqual(process.args, [python, "-c", reverseShell(port)]);
  assert.deepEqual(
    ancestry.map(({ args }) => args[0]),
    ["sh"],
  );
  const [event] = rows(
    state,
    `SELECT id FROM ${found?.["event"]}_view WHERE id = ?`,
    found?.["event_id"],
  );
  assert.ok(event, "the event that the finding names is stored");
});

test("secrets in arguments are nowhere in what is stored", async (t) => {
  const state = folder(t);
  const token = `ghp_${"aB3dE6gH9j".repeat(4).slice(0, 36)}`;
  const secrets = ["hunter2secret", token];
  const inner = `true --password=hunter2secret; /bin/echo --token ${token}`;

  await run(["/bin/echo", "--password=hunter2secret", token], { state });
  await run(["sh", "-c", inner], { state });

  assert.equal(rows(state, "SELECT id FROM process_exec").length, 3);
  for (const name of readdirSync(state)) {
    const bytes = readFileSync(join(state, name));
    assert.deepEqual(
      secrets.filter((secret) => bytes.includes(secret)),
      [],
      name,
    );
  }
  const { out } = await jobwarden(["tree", "1"], { state });
  assert.match(out.toString(), /--password=/);
});

test("a hostile name of a job is shown as harmless text and found again", async (t) => {
  const state = folder(t);
  const name = "\u001b[31mred\n::error::x'; DROP TABLE job; --";

  const { err } = await jobwarden(["run", `--name=${name}`, "--", "true"], { state });
  const shown = await jobwarden(["show", name], { state });
  const listed = await jobwarden(["jobs"], { state });

  for (const text of [err, shown.out.toString(), listed.out.toString()]) {
    assert.ok(!text.includes("\u001b") && !/^::error::/m.test(text), text);
  }
  assert.equal(shown.exit, 0);
  assert.deepEqual(rows(state, "SELECT name FROM job"), [{ name }]);
});

async function traced(t: TestContext): Promise<{ state: string; cwd: string }> {
  const state = folder(t);
  const cwd = folder(t);
  const argv = ["run", "--quiet", "--name", "demo", "--", "sh", "-c", script];
  const { exit, err } = await jobwarden(argv, { state, cwd });
  assert.deepEqual([exit, err], [0, ""]);
  return { state, cwd };
}
