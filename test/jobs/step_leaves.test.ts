import assert from "node:assert/strict";
import { test } from "node:test";
import { parseActionManifest } from "../../src/jobs/action_manifest.ts";
import { isFrom, leavesOf } from "../../src/jobs/step_leaves.ts";

const x = "$" + "{{ inputs.x }}";
const long = "y".repeat(4096);

/** A script, the text that stands in the file, and whether the one can be from the other. */
const scripts: readonly (readonly [string, string, boolean])[] = [
  ["make", "make", true],
  ["make\r\nall\r\n", "make\nall", true],
  ["  make \n", "make", true],
  ["make all", "make", false],
  ["make", "make all", false],
  ["", "", true],
  ["make", "", false],
  ["make 1 2", `make ${x} 2`, true],
  ["make  2", `make ${x} 2`, true],
  ["make 2", `make ${x} 3`, false],
  ["2 make", `make ${x} 2`, false],
  ["anything", x, true],
  ["a b a", `a${x}b${x}a`, true],
  ["a b", `a${x}b${x}a`, false],
  ["echo a\nb\nc", "echo $" + "{{\n x\n}}", true],
  [`${long}more`, long, true],
  [`z${long}`, long.slice(1), false],
  ["$ErrorActionPreference = 'stop'\nGet-Item\nif (1) {}", "Get-Item", true],
  ["$ErrorActionPreference = 'stop'\nGet-Item\nif (1) {}", "Set-Item", false],
];
for (const [script, text, expected] of scripts) {
  const what = `${JSON.stringify(script.slice(0, 20))} of ${JSON.stringify(text.slice(0, 20))}`;
  test(`${what}: ${expected ? "can" : "cannot"} be from it`, () => {
    assert.equal(isFrom(script, text), expected);
  });
}

const run = (text: string) => ({ uses: null, run: text, is_skippable: false });
const uses = (action: string) => ({ uses: action, run: null, is_skippable: false });
const places = (actions: Readonly<Record<string, string>>) => ({
  ...{ actions_folder: "/a", workspace: "/w" },
  manifestOf: (directory: string) => parseActionManifest(actions[directory] ?? ""),
});

test("a script and an image are one leaf each, and need no manifest", () => {
  const common = { nested: [], directory: "", within: "", manifest: undefined };
  const rest = { ...common, is_local: false, is_skippable: false, seen: new Set() };

  assert.deepEqual(leavesOf(run("make"), places({})), [
    { ...rest, kind: "run", uses: null, run: "make" },
  ]);
  assert.deepEqual(leavesOf(uses("docker://a:1"), places({})), [
    { ...rest, kind: "docker", uses: "docker://a:1", run: null },
  ]);
});

test("leaves of a composite action stand in the order of its steps, with their places", () => {
  const leaves = leavesOf(
    uses("o/r/sub@v1"),
    places({
      "/a/o/r/v1/sub": `runs:
  using: composite
  steps:
    - run: one
    - uses: ./in
      if: x
    - run: three
`,
      "/w/in": "runs: {using: composite, steps: [{run: two}]}",
    }),
  );

  assert.deepEqual(
    leaves?.map(({ nested, run, within, is_skippable }) => [nested, run, within, is_skippable]),
    [
      [[0], "one", "/a/o/r/v1/sub", false],
      [[1, 0], "two", "/w/in", true],
      [[2], "three", "/a/o/r/v1/sub", false],
    ],
  );
});

test("an action in which one cannot be read has no leaves at all", () => {
  const steps = "runs: {using: composite, steps: [{run: a}, {uses: o/gone@v1}]}";
  const odd = "runs: {using: fortran, main: a}";

  assert.equal(leavesOf(uses("o/r@v1"), places({ "/a/o/r/v1": steps })), undefined);
  assert.equal(leavesOf(uses("o/r@v1"), places({ "/a/o/r/v1": odd })), undefined);
  assert.equal(leavesOf(uses("o/r@v1"), places({})), undefined);
  assert.equal(leavesOf(uses("nonsense"), places({ "/": odd, "/a": odd })), undefined);
});

test("an action of the repository has none until the workspace is known", () => {
  const all = places({ "/w/in": "runs: {using: node24, main: m.js}" });

  assert.equal(leavesOf(uses("./in"), all)?.length, 1);
  assert.equal(leavesOf(uses("./in"), { ...all, workspace: "" }), undefined);
});

test("an action that uses itself ends, and so does one that multiplies", () => {
  const itself = "runs: {using: composite, steps: [{uses: o/r@v1}]}";
  const square = (size: number) => ({
    "/a/o/r/v1": `runs: {using: composite, steps: [${"{uses: o/s@v1},".repeat(size)}]}`,
    "/a/o/s/v1": `runs: {using: composite, steps: [${"{run: x},".repeat(size)}]}`,
  });

  assert.equal(leavesOf(uses("o/r@v1"), places({ "/a/o/r/v1": itself })), undefined);
  assert.equal(leavesOf(uses("o/r@v1"), places(square(50))), undefined);
  assert.equal(leavesOf(uses("o/r@v1"), places(square(40)))?.length, 1600);
});

test("nine composite actions within each other are followed, and ten are not", () => {
  const chain = (depth: number) =>
    Object.fromEntries(
      Array.from({ length: depth }, (_, at) => {
        const step = at === depth - 1 ? "{run: deep}" : `{uses: o/r${at + 1}@v1}`;
        return [`/a/o/r${at}/v1`, `runs: {using: composite, steps: [${step}]}`];
      }),
    );

  const nine = leavesOf(uses("o/r0@v1"), places(chain(9)));

  assert.deepEqual(
    nine?.map(({ nested }) => nested),
    [Array.from({ length: 9 }, () => 0)],
  );
  assert.equal(leavesOf(uses("o/r0@v1"), places(chain(10))), undefined);
});
