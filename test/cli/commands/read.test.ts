import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { databaseFile } from "../../../src/cli/database.ts";
import { openForWriting } from "../../../src/store/open.ts";
import { Writer } from "../../../src/store/writer.ts";
import { jobwarden, parsedLines } from "../border.ts";
import {
  aProcess,
  hostile,
  sampleState,
  scratch,
  startJob,
  stateWithEvents,
  unsafe,
} from "../database.ts";

const readers = [
  ["jobs"],
  ["show", "last"],
  ["tree", "last"],
  ["events", "last"],
  ["findings"],
  ["sql", "SELECT * FROM process_view ORDER BY id"],
] as const;

test("jobs lists the newest first, aligned", async (t) => {
  const { exit, out } = await jobwarden(["jobs"], { state: sampleState(t) });

  assert.equal(exit, 0);
  assert.equal(
    out,
    `\
JOB  NAME   STARTED         TOOK  END          RECORD                                 VERDICT
  2  build  3 min ago  1 min 0 s  exit code 1  incomplete: 3 events lost (file_open)  1 finding: 1 high
  1  clean  3 min ago  1 min 0 s  exit code 0  complete                               nothing detected
`,
  );
});

test("jobs --limit stops, and --json has each job whole", async (t) => {
  const { out } = await jobwarden(["jobs", "--limit", "1", "--json"], { state: sampleState(t) });

  const [job, ...more] = parsedLines(out) as Record<string, unknown>[];
  assert.deepEqual(more, []);
  assert.equal(job?.["name"], "build");
  assert.equal(job["exit_code"], 1);
  assert.equal(job["complete"], false);
});

test("show says how the job ended, what it did and what was found", async (t) => {
  const { exit, out } = await jobwarden(["show", "build"], { state: sampleState(t) });

  assert.equal(exit, 0);
  assert.match(out, /^Job 2 \(build\): 1 finding: 1 high\n/);
  assert.match(out, /^ {2}started {3}2026-11-23 11:57:00 UTC \(3 min ago\)$/m);
  assert.match(out, /^ {2}saw {7}3 processes, 2 events$/m);
  assert.match(out, /^process_exec +1 +1$/m);
  assert.match(out, /^HIGH {2}Standard Input/m);
});

test("show --json is one object with losses, counts and findings", async (t) => {
  const { out } = await jobwarden(["show", "2", "--json"], { state: sampleState(t) });

  const [job] = parsedLines(out) as Record<string, unknown>[];
  assert.equal(job?.["processes"], 3);
  assert.deepEqual(job["losses"], [{ kind: "file_open", lost: 3 }]);
  assert.equal(
    (job["findings"] as readonly { message: string }[])[0]?.message,
    `connected to ${hostile}`,
  );
});

test("a job that is not there is named, with the newest that is", async (t) => {
  const { exit, err } = await jobwarden(["show", "9"], { state: sampleState(t) });

  assert.equal(exit, 1);
  assert.match(err, /^jobwarden: no job 9 in .*: the newest job is 2\. What was asked for/);
});

test("tree shows who started whom, how it ended and how long it took", async (t) => {
  const { out } = await jobwarden(["tree", "build"], { state: sampleState(t) });

  const [npm, shell, python] = out.split("\n");
  assert.equal(npm, "npm test [101]  exit 1  2.5 s");
  assert.match(shell ?? "", /^└─ sh -c .* \[102\] {2}SIGKILL {2}2\.5 s$/);
  assert.equal(python, "   └─ python3 x.py [103]  end not seen");
});

test("tree --depth says what it hides", async (t) => {
  const { out } = await jobwarden(["tree", "build", "--depth", "1"], { state: sampleState(t) });

  assert.equal(out, "npm test [101]  exit 1  2.5 s  +1 child\n");
});

test("tree --json has one process on each line, with its arguments as they were", async (t) => {
  const { out } = await jobwarden(["tree", "build", "--json"], { state: sampleState(t) });

  const lines = parsedLines(out) as { level: number; args: readonly string[] }[];
  assert.deepEqual(
    lines.map(({ level, args }) => [level, args]),
    [
      [1, ["npm", "test"]],
      [2, ["sh", "-c", hostile]],
      [3, ["python3", "x.py"]],
    ],
  );
});

test("a chain of 20,000 processes is shown to its end", async (t) => {
  const state = scratch(t);
  const db = openForWriting(databaseFile(state));
  const writer = new Writer(db);
  const job = startJob(writer, "deep", "x");
  writer.begin();
  for (let key = 1; key <= 20_000; key++) writer.addProcess(job, aProcess(key, key - 1, ["x"]));
  writer.commit();
  db.close();

  const { exit, out } = await jobwarden(["tree", "deep"], { state });

  const lines = out.trimEnd().split("\n");
  assert.equal(exit, 0);
  assert.equal(lines.length, 20_000);
  assert.match(lines.at(-1) ?? "", /^\(level 20000\) +└─ x \[20100\]/);
});

test("events are one line each, with the time since the job's start", async (t) => {
  const { out } = await jobwarden(["events", "build"], { state: sampleState(t) });

  const [exec, connect, end] = out.split("\n");
  assert.match(
    exec ?? "",
    /^ {3}\+1\.000000 {6}102 {2}process_exec +\/usr\/bin\/\\x1b.* {2}sh -c /,
  );
  assert.match(
    connect ?? "",
    /^ {2}\+20\.000000 {6}103 {2}socket_connect +192\.0\.2\.7:4444 {2}family=inet$/,
  );
  assert.equal(end, "");
});

test("events are chosen by kind, process, time and number", async (t) => {
  const state = sampleState(t);
  const kindsWith = async (...options: string[]) => {
    const { out } = await jobwarden(["events", "build", "--json", ...options], { state });
    return out === "" ? [] : parsedLines(out).map((line) => (line as { event: string }).event);
  };

  assert.deepEqual(await kindsWith(), ["process_exec", "socket_connect"]);
  assert.deepEqual(await kindsWith("--kind", "process_exec"), ["process_exec"]);
  assert.deepEqual(await kindsWith("--kind=process_exec,socket_connect"), [
    "process_exec",
    "socket_connect",
  ]);
  assert.deepEqual(await kindsWith("--process", "103"), ["socket_connect"]);
  assert.deepEqual(await kindsWith("--since", "10s"), ["socket_connect"]);
  assert.deepEqual(await kindsWith("--since", "2m"), []);
  assert.deepEqual(await kindsWith("--since", "2026-11-23T11:57:02Z"), ["socket_connect"]);
  assert.deepEqual(await kindsWith("--limit", "1"), ["process_exec"]);
});

test("a time that is none is wrong usage", async (t) => {
  const { exit, err } = await jobwarden(["events", "1", "--since", "later"], {
    state: sampleState(t),
  });

  assert.equal(exit, 2);
  assert.match(
    err,
    /^jobwarden: --since is "later", which is neither a time since the job's start/,
  );
});

test("events stop when their reader has gone", async (t) => {
  const state = stateWithEvents(t, 5000);

  const all = await jobwarden(["events", "many"], { state });
  const cut = await jobwarden(["events", "many"], { state, readerStays: 1 });

  assert.equal(all.out.split("\n").length, 5001);
  assert.deepEqual([cut.exit, cut.err, cut.writes], [0, "", 1]);
});

test("findings are chosen by job and severity", async (t) => {
  const state = sampleState(t);
  const found = async (...options: string[]) =>
    (await jobwarden(["findings", ...options], { state })).out;

  assert.match(await found(), /^HIGH /);
  assert.match(await found("--job", "build", "--severity", "high"), / {2}job 2, just now\n/);
  assert.equal(await found("--severity", "critical"), "nothing detected\n");
  assert.equal(await found("--job", "clean"), "nothing detected\n");
  assert.equal(await found("--job", "clean", "--json"), "");
});

test("sql shows a table, and as JSON keeps every column", async (t) => {
  const state = sampleState(t);
  const statement = "SELECT 1 AS a, 'x' AS a, NULL AS n, x'0aff' AS b, 9007199254740993 AS big";

  const table = await jobwarden(["sql", statement], { state });
  const json = await jobwarden(["sql", "--json", statement], { state });

  assert.equal(
    table.out,
    ["a  a  n     b        big", "1  x  NULL  x'0aff'  9007199254740993", ""].join("\n"),
  );
  assert.deepEqual(parsedLines(json.out), [
    { a: 1, a_2: "x", n: null, b: "x'0aff'", big: "9007199254740993" },
  ]);
});

for (const statement of [
  "DELETE FROM job",
  "SELEC 1",
  "SELECT 1; SELECT 2",
  "PRAGMA user_version=9",
]) {
  test(`sql refuses ${statement}`, async (t) => {
    const { exit, out, err } = await jobwarden(["sql", statement], { state: sampleState(t) });

    assert.deepEqual([exit, out], [1, ""]);
    assert.match(err, /^jobwarden: .*SQLite does not accept the statement; .*\n$/);
  });
}

test("the name of a job is inert", async (t) => {
  const state = scratch(t);
  const db = openForWriting(databaseFile(state));
  startJob(new Writer(db), hostile, "x");
  db.close();

  const list = await jobwarden(["jobs"], { state });
  const one = await jobwarden(["show", "last"], { state });

  assert.match(list.out, / {2}running {2}not ended {2}nothing detected$/m);
  assert.match(one.out, /^ {2}record {4}not ended$/m);
  assert.doesNotMatch(list.out + one.out, unsafe);
  assert.doesNotMatch(list.out + one.out, /^forged/m);
});

for (const [command, ...rest] of readers) {
  test(`${command} gives a terminal nothing that a job has chosen to do to it`, async (t) => {
    const state = sampleState(t);

    const wide = await jobwarden([command, ...rest], { state });
    const narrow = await jobwarden([command, ...rest], { state, columns: 70 });
    const json = await jobwarden([command, ...rest, "--json"], { state });

    for (const { exit, out, err } of [wide, narrow, json]) {
      assert.deepEqual([exit, err], [0, ""]);
      assert.doesNotMatch(out, unsafe);
      assert.doesNotMatch(out, /^forged/m);
    }
    assert.ok(parsedLines(json.out).length > 0);
  });

  test(`${command} without a database says where it looked`, async (t) => {
    const { exit, err } = await jobwarden([command, ...rest, "--state", scratch(t)]);

    assert.equal(exit, 1);
    assert.match(err, /^jobwarden: .*jobwarden\.db is not there; `jobwarden run` makes it.*\.\n$/);
  });

  test(`${command} says when the database is none`, async (t) => {
    const state = scratch(t);
    writeFileSync(databaseFile(state), "\x1b[2Jnot a database at all, but long enough to be read");

    const { exit, err } = await jobwarden([command, ...rest], { state });

    assert.equal(exit, 1);
    assert.match(err, /^jobwarden: .* is not a SQLite database; copy it for analysis.*\.\n$/);
    assert.doesNotMatch(err, unsafe);
  });

  test(`${command} leaves a database of a newer version alone`, async (t) => {
    const state = sampleState(t);
    const db = openForWriting(databaseFile(state));
    db.pragma("user_version = 999");
    db.close();

    const { exit, err } = await jobwarden([command, ...rest], { state });

    assert.equal(exit, 1);
    assert.match(err, /^jobwarden: .*999.*\n$/);
  });
}
