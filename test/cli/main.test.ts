import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, errorCodes, JobwardenError } from "../../src/base/errors.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { jobwarden } from "./border.ts";

test("without a word the overview is on stderr, and it is wrong usage", async () => {
  const { exit, out, err } = await jobwarden([]);

  assert.equal(exit, 2);
  assert.equal(out, "");
  assert.match(err, /Usage: jobwarden COMMAND/);
});

test("--help, -h and help show every command on stdout", async () => {
  for (const word of ["--help", "-h", "help"]) {
    const { exit, out, err } = await jobwarden([word]);

    assert.equal(exit, 0);
    assert.equal(err, "");
    for (const { name } of commands) assert.match(out, new RegExp(`^  ${name} +\\S`, "m"));
  }
});

test("--version shows the version of the package", async () => {
  const { exit, out } = await jobwarden(["--version"]);

  assert.deepEqual([exit, out], [0, "jobwarden 0.1.0\n"]);
});

for (const { name, options } of commands) {
  test(`help ${name} says usage, options, examples and exit codes in at most 100 columns`, async () => {
    const { exit, out } = await jobwarden(["help", name]);
    const direct = await jobwarden([name, "--help"]);

    assert.equal(exit, 0);
    assert.equal(direct.out, out);
    assert.match(out, new RegExp(`^Usage: jobwarden ${name}\\b`, "m"));
    for (const option of Object.keys(options))
      assert.match(out, new RegExp(`^  --${option}\\b`, "m"));
    assert.match(out, /^Examples:\n {2}\S/m);
    assert.match(out, /^Exit codes:\n {2}0 /m);
    assert.ok(Math.max(...out.split("\n").map((line) => line.length)) <= 100);
  });
}

const wrong: readonly (readonly [argv: readonly string[], message: string])[] = [
  [["jbos"], 'unknown command "jbos"; did you mean jobs? See jobwarden --help'],
  [["shwo", "1"], 'unknown command "shwo"; did you mean show? See jobwarden --help'],
  [["frobnicate"], 'unknown command "frobnicate"; see jobwarden --help.'],
  [["__proto__"], 'unknown command "__proto__"; see jobwarden --help.'],
  [["help", "tre"], 'unknown command "tre"; did you mean tree? See jobwarden --help'],
  [["--versoin"], 'unknown option "--versoin"; did you mean --version? See jobwarden --help'],
  [["\x1b[2J"], 'unknown command "\\x1b[2J"; see jobwarden --help.'],
  [
    ["jobs", "--jsno"],
    'unknown option "--jsno" of jobs; did you mean --json? See jobwarden jobs --help',
  ],
  [["jobs", "-x"], 'unknown option "-x" of jobs; see jobwarden jobs --help.'],
  [["jobs", "--__proto__=1"], 'unknown option "--__proto__" of jobs; see jobwarden jobs --help.'],
  [["jobs", "--json=x"], "--json takes no value; see jobwarden jobs --help."],
  [["jobs", "--state"], "--state needs a value; see jobwarden jobs --help."],
  [["jobs", "--state="], "--state needs a value; see jobwarden jobs --help."],
  [
    ["jobs", "--state", "--json"],
    '--state needs a value, and "--json" is an option; see jobwarden jobs --help.',
  ],
  [["jobs", "3"], 'jobs does not expect "3"; see jobwarden jobs --help.'],
  [
    ["jobs", "--limit", "0"],
    '--limit is "0", not a whole number from 1; see jobwarden jobs --help.',
  ],
  [["jobs", "--limit=1e3"], '--limit is "1e3", not a whole number from 1; see jobwarden jobs'],
  [["show"], "show needs JOB: a job's number or name, or last for the newest; see jobwarden show"],
  [["show", "1", "2"], 'show does not expect "2"; see jobwarden show --help.'],
  [["tree", "1", "--depth", "x"], '--depth is "x", not a whole number from 1; see jobwarden tree'],
  [
    ["findings", "--severity", "worst"],
    '--severity is "worst", which is none of info, low, medium, high, critical; see jobwarden',
  ],
  [
    ["events", "1", "--kind", "file_opne"],
    '--kind "file_opne" is no kind of event; did you mean file_open? See jobwarden events --help',
  ],
  [["sql"], "sql needs 'SELECT …': one statement; see jobwarden sql --help."],
  [["run"], "run needs a command after --; see jobwarden run --help."],
  [["run", "--"], "run needs a command after --; see jobwarden run --help."],
  [["run", "--", ""], "the command to run is an empty word; see jobwarden run --help."],
  [
    ["run", "ls", "-l"],
    '"ls" stands where an option is expected; write -- before the command to run; see jobwarden run',
  ],
  [["run", "--name", "--", "ls"], '--name needs a value, and "--" is an option; see jobwarden run'],
  [["run", "--fail-on", "bad", "--", "ls"], '--fail-on is "bad", which is none of info, low, med'],
  [
    ["run", "--name", "7", "--", "ls"],
    "--name 7 would be taken for a job's number, or for the last",
  ],
  [["run", "--json=", "--", "ls"], "--json= has an empty value; see jobwarden run --help."],
  [["run", "--json=fd:x", "--", "ls"], "--json=fd:x names no descriptor; write --json=fd:3; see"],
  [
    ["run", "--json=fd:1", "--", "ls"],
    "--json=fd:1 is refused: that is the command's own input or",
  ],
];

for (const [argv, message] of wrong) {
  test(`wrong usage is named: ${JSON.stringify(argv)}`, async () => {
    const { exit, out, err, requests } = await jobwarden(argv);

    assert.equal(exit, 2);
    assert.equal(out, "");
    assert.equal(err.slice(0, message.length + 11), `jobwarden: ${message}`);
    assert.equal(err.split("\n").length, 2);
    assert.deepEqual(requests, []);
  });
}

const runExits: Partial<Record<ErrorCode, number>> = {
  USAGE: 2,
  COMMAND_NOT_FOUND: 127,
  COMMAND_NOT_EXECUTABLE: 126,
};

for (const code of Object.keys(errorCodes) as ErrorCode[]) {
  test(`${code} says what was found and what to do, and has its exit code`, async () => {
    const failure = new JobwardenError(code, "found \x1b[31mthis\nhere");

    const { exit, err } = await jobwarden(["run", "--", "ls"], { failure });
    const elsewhere = await jobwarden(["run", "--", "ls"], { failure, debug: true });

    const remedy = code === "USAGE" ? "" : ` ${errorCodes[code]}`;
    const said =
      code === "CONFIG_INVALID" // which has a line for each fault
        ? `jobwarden: found \\x1b[31mthis\njobwarden: here\njobwarden:${remedy}\n`
        : `jobwarden: found \\x1b[31mthis\\nhere.${remedy}\n`;
    assert.equal(err, said);
    assert.equal(exit, runExits[code] ?? 125);
    assert.match(elsewhere.err, /^ {4}at /m);
  });
}

test("a failure of a command that traces nothing has exit code 1", async () => {
  const { exit, err } = await jobwarden(["jobs"], { state: "/nonexistent" });

  assert.equal(exit, 1);
  assert.match(err, /^jobwarden: \/nonexistent\/jobwarden\.db is not there; .*\.\n$/);
});

test("an unexpected exception is called a bug, and shows its stack only for debugging", async () => {
  const failure = new TypeError("x is not\na function");

  const quiet = await jobwarden(["run", "--", "ls"], { failure });
  const loud = await jobwarden(["run", "--", "ls"], { failure, debug: true });

  assert.equal(quiet.exit, 70);
  assert.equal(
    quiet.err,
    "jobwarden: this is a bug, please report it: TypeError: x is not\\na function " +
      "(JOBWARDEN_DEBUG=1 shows where)\n",
  );
  assert.equal(loud.exit, 70);
  assert.match(loud.err, /^ {4}at /m);
});
