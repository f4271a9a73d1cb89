import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { JobwardenError } from "../../../src/base/errors.ts";
import { aFinding, jobwarden, parsedLines, plainResult } from "../border.ts";
import { hostile, unsafe } from "../database.ts";

const command = ["run", "--", "npm", "test"];

test("nothing after -- is read as an option", async () => {
  const words = [
    "prog",
    "--name",
    "x",
    "--json",
    "--json=y",
    "-h",
    "--help",
    "--",
    "--fail-on=never",
  ];

  const { exit, requests, sinks } = await jobwarden([
    "run",
    "--name=n",
    "--state",
    "/s",
    "--",
    ...words,
  ]);

  assert.equal(exit, 0);
  assert.deepEqual(requests, [{ command: words, name: "n", state_directory: "/s" }]);
  assert.equal(sinks.size, 0);
});

test("the name is the program's file name, never its arguments", async () => {
  const { requests } = await jobwarden(["run", "--", "/usr/bin/curl", "--password=x"]);

  assert.equal(requests[0]?.name, "curl");
});

test("a clean run says so on stderr and leaves stdout to the command", async () => {
  const { exit, out, err } = await jobwarden(command);

  assert.equal(exit, 0);
  assert.equal(out, "");
  assert.equal(
    err,
    [
      "jobwarden: job 7 (npm): nothing detected",
      "  record    complete",
      "  saw       3 processes, 12,345 events in 2.1 s",
      "  look at   jobwarden show 7",
      "",
    ].join("\n"),
  );
});

test("a finding is shown with its ancestry, and the summary says what is missing", async () => {
  const losses = [
    { kind: "file_open", lost: 10 },
    { kind: "process_tag", lost: 2 },
  ];
  const result = { losses, unseen: ["cgroup_move: refused"], survivors: 1, exit_code: 4 };

  const { exit, err } = await jobwarden(["run", "--state", "/a b", "--", "npm"], {
    findings: [aFinding()],
    result,
  });

  assert.equal(exit, 4);
  assert.equal(
    err,
    [
      "HIGH  Standard Input/Output Over Socket  TRC-101 (formerly TRC-1)",
      "  python3 put a socket on its standard input.",
      "  npm test [101]",
      "  └─ sh -c 'python3 x.py' [102]",
      "     └─ python3 x.py [103]",
      "  peer        192.0.2.7:4444",
      "  descriptor  0",
      "",
      "jobwarden: job 7 (npm): 1 finding: 1 high",
      "  record    incomplete: 12 events lost (file_open 10, process_tag 2)",
      "  saw       3 processes, 12,345 events in 2.1 s",
      "  command   exit code 4",
      "  not seen  cgroup_move: refused",
      "  left      1 process outlived the command; no longer followed",
      "  look at   jobwarden show 7 --state '/a b'",
      "",
    ].join("\n"),
  );
});

const exits = [
  { own: 0, severity: "high", failOn: [], exit: 3 },
  { own: 0, severity: "critical", failOn: [], exit: 3 },
  { own: 0, severity: "medium", failOn: [], exit: 0 },
  { own: 0, severity: "medium", failOn: ["--fail-on", "medium"], exit: 3 },
  { own: 0, severity: "info", failOn: ["--fail-on=info"], exit: 3 },
  { own: 0, severity: "critical", failOn: ["--fail-on=never"], exit: 0 },
  { own: 5, severity: "critical", failOn: [], exit: 5 },
  { own: 137, severity: "info", failOn: [], exit: 137 },
] as const;

for (const { own, severity, failOn, exit } of exits) {
  const given = `${failOn.join(" ")} a ${severity} finding and a command's ${own}`;
  test(`exit code: ${given} make ${exit}`, async () => {
    const outcome = await jobwarden(["run", ...failOn, "--", "x"], {
      findings: [aFinding({ severity })],
      result: { exit_code: own },
    });

    assert.equal(outcome.exit, exit);
  });
}

test("--json=PATH gets a line for each finding and one for the job; stderr keeps the text", async () => {
  const finding = aFinding({ message: hostile });

  const { exit, out, err, sinks } = await jobwarden(["run", "--json=f.jsonl", "--", "npm"], {
    findings: [finding],
  });

  const text = sinks.get("f.jsonl") ?? "";
  assert.equal(exit, 3);
  assert.equal(out, "");
  assert.match(err, /^HIGH /);
  assert.doesNotMatch(text, unsafe);
  assert.deepEqual(parsedLines(text), [
    { type: "finding", ...finding },
    {
      type: "job",
      name: "npm",
      ...plainResult,
      findings: 1,
      verdict: "1 finding: 1 high",
      findings_by_severity: { info: 0, low: 0, medium: 0, high: 1, critical: 0 },
      complete: true,
      jobwarden_exit_code: 3,
    },
  ]);
});

test("plain --json puts the lines on stderr instead of text, and takes no word after it", async () => {
  const { err, requests, sinks } = await jobwarden(["run", "--json", "--", "--json"], {
    findings: [aFinding()],
  });

  assert.deepEqual(
    parsedLines(err).map((line) => (line as { type: string }).type),
    ["finding", "job"],
  );
  assert.deepEqual(requests[0]?.command, ["--json"]);
  assert.equal(sinks.size, 0);
});

test("--json=fd:N is opened as it is", async () => {
  const { exit, sinks } = await jobwarden(["run", "--json=fd:3", "--", "x"]);

  assert.equal(exit, 0);
  assert.deepEqual([...sinks.keys()], ["fd:3"]);
});

test("a JSON file that cannot be opened stops it before anything is traced", async () => {
  const sinkFailure = new Error("ENOENT: no such file or directory, open '/x/y'");

  const { exit, err, requests } = await jobwarden(["run", "--json=/x/y", "--", "x"], {
    sinkFailure,
  });

  assert.equal(exit, 2);
  assert.match(err, /^jobwarden: --json=\/x\/y cannot be opened: ENOENT: no such file/);
  assert.deepEqual(requests, []);
});

test("a JSON file that fills up does not stop the tracing, and is told at the end", async () => {
  const sink = () => {
    throw new Error("ENOSPC: no space left on device, write");
  };

  const { exit, err } = await jobwarden(["run", "--json=f", "--fail-on=never", "--", "x"], {
    sink,
    findings: [aFinding(), aFinding()],
  });

  assert.equal(exit, 125);
  assert.match(err, /job 7 \(x\): 2 findings/);
  assert.match(err, /jobwarden: not all of --json=f was written: ENOSPC: no space left .*\.\n$/);
});

test("a failure is in the JSON as well", async () => {
  const failure = new JobwardenError("COMMAND_NOT_FOUND", "no-such-thing is not in PATH");

  const { exit, sinks } = await jobwarden(["run", "--json=f", "--", "no-such-thing"], { failure });

  assert.equal(exit, 127);
  assert.deepEqual(parsedLines(sinks.get("f") ?? ""), [
    { type: "error", code: "COMMAND_NOT_FOUND", message: "no-such-thing is not in PATH" },
  ]);
});

test("--quiet keeps findings and losses, and nothing else", async () => {
  const clean = await jobwarden(["run", "--quiet", "--", "x"]);
  const lossy = await jobwarden(["run", "--quiet", "--", "x"], {
    findings: [aFinding()],
    result: { losses: [{ kind: "file_open", lost: 1 }] },
  });

  assert.equal(clean.err, "");
  assert.match(lossy.err, /^HIGH /);
  assert.match(lossy.err, /\njobwarden: job 7: incomplete: 1 event lost \(file_open\)\n$/);
});

test("text of the job is inert on stderr", async () => {
  const one = { process_key: 1, pid: 1, path: hostile, args: [hostile] };
  const finding = aFinding({
    message: hostile,
    title: hostile,
    step: hostile,
    evidence: { [hostile]: hostile },
    process: one,
    ancestry: [one],
  });

  const { err } = await jobwarden(["run", "--name", hostile, "--", "x"], {
    findings: [finding],
    result: {
      signal: hostile,
      exit_code: 1,
      unseen: [hostile],
      losses: [{ kind: hostile, lost: 1 }],
    },
  });

  assert.doesNotMatch(err, unsafe);
  assert.doesNotMatch(err, /^forged/m);
});

test("on a terminal it has colour, and arguments end where the terminal does", async () => {
  const args = ["python3", "x".repeat(500)];
  const actor = { process_key: 1, pid: 1, path: "/usr/bin/python3", args };

  const { err } = await jobwarden(command, {
    colour: true,
    columns: 60,
    findings: [aFinding({ process: actor })],
  });

  assert.ok(err.startsWith("\x1b[1m\x1b[31mHIGH\x1b[39m"));
  assert.match(stripVTControlCharacters(err), /└─ python3 x+… \[1\]$/m);
  const widths = stripVTControlCharacters(err)
    .split("\n")
    .filter((line) => line.includes("xxx"))
    .map((line) => line.length);
  assert.deepEqual(widths, [60]);
});
