import assert from "node:assert/strict";
import { test } from "node:test";
import { pickVariables, stepVariables } from "../../src/jobs/step_variables.ts";

const block = (...entries: readonly string[]) =>
  Buffer.from(entries.map((entry) => `${entry}\0`).join(""));

test("each listed variable is taken, and no other one", () => {
  const entries = stepVariables.map((name) => `${name}=value of ${name}`);
  const others = ["HOME=/root", "GITHUB_TOKEN=ghs_x", "INPUT_PASSWORD=x", "GITHUB_ACTIONS=true"];

  const picked = pickVariables(block(...others, ...entries, "PATH=/bin"));

  assert.deepEqual(
    picked,
    Object.fromEntries(stepVariables.map((name) => [name, `value of ${name}`])),
  );
});

test("an empty value is there, and one with an equals sign or a newline is whole", () => {
  const picked = pickVariables(
    block("GITHUB_ACTION=", "GITHUB_REF=a=b", "GITHUB_WORKFLOW=ü\nGITHUB_SHA=x", "GITHUB_JOB= "),
  );

  assert.deepEqual(picked, {
    GITHUB_ACTION: "",
    GITHUB_REF: "a=b",
    GITHUB_WORKFLOW: "ü\nGITHUB_SHA=x",
    GITHUB_JOB: " ",
  });
});

test("names that only look like a listed one are left alone", () => {
  const names = [
    "GITHUB_ACTION",
    "XGITHUB_SHA=x",
    "github_sha=x",
    "GITHUB_SHA =x",
    "GITHUB_SHAS=x",
  ];

  assert.deepEqual(pickVariables(block(...names, "", "=", "__proto__=x", " GITHUB_REF=x")), {});
});

test("of a name that is there twice the first counts, even when it is empty", () => {
  const picked = pickVariables(
    block("GITHUB_SHA=a", "GITHUB_SHA=b", "GITHUB_JOB=", "GITHUB_JOB=x"),
  );

  assert.deepEqual(picked, { GITHUB_SHA: "a", GITHUB_JOB: "" });
});

test("an entry that was cut is not taken", () => {
  const whole = block("GITHUB_SHA=abc", "GITHUB_REF=refs/heads/main");

  assert.deepEqual(pickVariables(whole.subarray(0, -1)), { GITHUB_SHA: "abc" });
  assert.deepEqual(pickVariables(whole.subarray(0, 14)), {});
  assert.deepEqual(pickVariables(Buffer.alloc(0)), {});
});

test("a value is cut after 4,096 bytes, and bytes that are no text are shown as such", () => {
  const bytes = Buffer.concat([
    ...[Buffer.from("GITHUB_ACTOR="), Buffer.from([0xff, 0x41, 0]), block("RUNNER_NAME=")],
  ]);

  assert.deepEqual(pickVariables(block(`GITHUB_JOB=${"x".repeat(5000)}`, "GITHUB_SHA=a")), {
    GITHUB_JOB: "x".repeat(4096),
    GITHUB_SHA: "a",
  });
  assert.deepEqual(pickVariables(bytes), { GITHUB_ACTOR: "\ufffdA", RUNNER_NAME: "" });
});

test("a large block of other variables, or of zero bytes, is passed over", () => {
  const many = block(
    ...Array.from({ length: 100_000 }, (_, i) => `GITHUB_X${i}=y`),
    "GITHUB_SHA=a",
  );
  const zeros = Buffer.concat([Buffer.alloc(2_000_000), block("GITHUB_SHA=a")]);

  assert.deepEqual(pickVariables(many), { GITHUB_SHA: "a" });
  assert.deepEqual(pickVariables(zeros), { GITHUB_SHA: "a" });
});
