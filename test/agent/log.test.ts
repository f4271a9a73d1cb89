import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fstatSync, openSync } from "node:fs";
import { test } from "node:test";
import { isJournal, makeLog } from "../../agent/log.ts";
import { type LogLevel, logLevels } from "../../src/base/log.ts";

const hostile = `a 'b' "c"\r\n<0>jobwarden: all is well\t\x1b[2J\x9b31m\u202e\u2028\0é漢😀\ud800`;

test("a line is written from its level on, and the level can change", () => {
  const { lines, log } = logInto("warn", false);

  sayAll(log);
  log.setLevel("debug");
  sayAll(log);
  log.setLevel("error");
  sayAll(log);

  const levels = lines.map((line) => JSON.parse(line).level);
  assert.deepEqual(levels, ["warn", "error", ...logLevels, "error"]);
});

test("a line has its level, its time, its fields and its message", () => {
  const { lines, log } = logInto("info", false);
  const before = Date.now();

  log.info({ root: "/opt/runner", root_inode: 9007199254740993n, names: ["a"] }, "Found a runner.");

  const { time, ...rest } = JSON.parse(lines[0]!.replace("9007199254740993", '"exact"'));
  const at = Date.parse(time);
  assert.ok(at >= before && at <= Date.now());
  assert.deepEqual(rest, {
    level: "info",
    root: "/opt/runner",
    root_inode: "exact",
    names: ["a"],
    message: "Found a runner.",
  });
});

test("for the journal a line begins with its priority and has no time", () => {
  const { lines, log } = logInto("debug", true);

  sayAll(log);

  assert.deepEqual(
    lines.map((line) => line.slice(0, 3)),
    ["<7>", "<6>", "<4>", "<3>"],
  );
  assert.deepEqual(JSON.parse(lines[3]!.slice(3)), { level: "error", n: 3, message: "Said." });
});

test("text from a job stays one line, and a terminal obeys nothing of it", () => {
  for (const journal of [true, false]) {
    const { lines, log } = logInto("info", journal);

    log.info({ [hostile]: hostile, deep: [{ hostile }] }, hostile);

    assert.equal(lines.length, 1);
    const line = lines[0]!;
    assert.match(line, /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+\n$/u);
    const said = JSON.parse(line.replace(/^<6>/, ""));
    const { message, deep, [hostile]: byName } = said;
    assert.deepEqual([message, deep, byName], [hostile, [{ hostile }], hostile]);
  }
});

test("a line that the journal would cut is shortened, and says so", () => {
  const { lines, log } = logInto("info", true);

  log.warn({ text: "漢\x1b".repeat(20_000) }, "A long one.");

  assert.equal(lines.length, 1);
  assert.ok(Buffer.byteLength(lines[0]!) < 48 << 10);
  const { message, start, cut_from } = JSON.parse(lines[0]!.slice("<4>".length));
  assert.equal(message, "A long one.");
  assert.match(start, /^\{"level":"warn","text":"漢\\u001b漢/);
  assert.ok(cut_from > 120_000);
});

test("an error is written with its text and where it was made", () => {
  const { lines, log } = logInto("info", false);

  log.error({ error: new RangeError("too far") }, "The scan failed.");

  const { error } = JSON.parse(lines[0]!);
  assert.deepEqual([error.type, error.message], ["RangeError", "too far"]);
  assert.match(error.stack, /^RangeError: too far\n +at .*log\.test\.ts/);
});

test("lines go to standard output, and the last ones of a killed program are there", () => {
  const { signal, out } = shell('"$@"', 'process.kill(process.pid, "SIGKILL");');

  const [first, last] = [out[0], out.at(-1)];
  assert.deepEqual([signal, out.length], ["SIGKILL", 5000]);
  assert.equal(first, '<6>{"level":"info","n":0,"message":"Said."}');
  assert.equal(last, '<6>{"level":"info","n":4999,"message":"Said."}');
});

test("a log that nobody reads, or that has no room, ends nothing", () => {
  const said = 'process.stderr.write("said all\\n");';

  assert.equal(shell('"$@" | head -n 1', said).err, "said all\n");
  assert.equal(shell('"$@" > /dev/full', said).err, "said all\n");
});

test("JOURNAL_STREAM counts only when it names the descriptor itself", () => {
  const fd = openSync("/dev/null", "w");
  const { dev, ino } = fstatSync(fd, { bigint: true });

  assert.equal(isJournal(`${dev}:${ino}`, fd), true);
  assert.equal(isJournal(`${dev}:${ino + 1n}`, fd), false);
  assert.equal(isJournal("", fd), false);
  assert.equal(isJournal(undefined, fd), false);
});

function logInto(level: LogLevel, journal: boolean) {
  const lines: string[] = [];
  return { lines, log: makeLog({ level, journal, write: (line) => lines.push(line) }) };
}

function sayAll(log: ReturnType<typeof makeLog>): void {
  for (const [n, level] of logLevels.entries()) log[level]({ n }, "Said.");
}

/** Runs a program that writes 5,000 lines, and then what `last` says, within a line of bash. */
function shell(line: string, last: string) {
  const program = `
    import { makeLog } from "./agent/log.ts";
    const log = makeLog({ level: "info", journal: true });
    for (let n = 0; n < 5000; n++) log.info({ n }, "Said.");
    ${last}
  `;
  const node = [process.execPath, "--input-type=module-typescript", "-e", program];
  const result = spawnSync("bash", ["-c", line, "-", ...node], { encoding: "utf8" });
  return { signal: result.signal, out: result.stdout.trimEnd().split("\n"), err: result.stderr };
}
