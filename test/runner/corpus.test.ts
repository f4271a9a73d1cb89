import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  inWorkspace,
  newRunner,
  placesOf,
  play as playOn,
  removeRunner,
  type Truths,
} from "./harness.ts";
import type { JobOptions } from "./job_options.ts";
import { isRunning } from "./processes.ts";
import { originText } from "./worker/truth.ts";

const runner = newRunner({ env: { COUNT: "2" } });
before(() => runner.start());
after(() => removeRunner(runner));

const play = (name: string, job: string, options?: Partial<JobOptions>) =>
  playOn(runner, name, job, options);

/** Every process that called `mark` belongs to a child that the truth file names. */
function assertMarksAreCovered({ children, marks }: Truths): void {
  const known = new Set(children.map(originText));
  assert.deepEqual(
    marks.filter(({ truth }) => !known.has(truth)),
    [],
  );
}

const wordsOf = ({ marks }: Truths, truth: string) =>
  marks.filter((mark) => mark.truth === truth).map(({ words }) => words);

test("run steps start their shells with the runner's arguments", async () => {
  const played = await play("shells", "shells");

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  assert.deepEqual(
    played.children.map(({ program, line }) => [program.replace(/^.*\/(?=\w+$)/, ""), line]),
    [
      ["node", 7],
      ["bash", 9],
      ["bash", 14],
      ["sh", 16],
      ["python", 21],
      ["env", 26],
      ["bash", 29],
      ["node", 7],
    ],
  );
  const script = String.raw`\S+/_work/_temp/[0-9a-f-]{36}`;
  const log = readFileSync(String(played.job["trace_log"]), "utf8");
  for (const line of [
    `-e ${script}\\.sh`,
    `--noprofile --norc -e -o pipefail ${script}\\.sh`,
    `${script}\\.py`,
    `CUSTOM=1 bash -eu ${script}`,
  ]) {
    assert.match(log, new RegExp(`Arguments: '${line}'`));
  }
  for (const position of [1, 2, 3, 4, 5]) {
    const words = wordsOf(played, `main:${position}:`);
    assert.deepEqual(words, ["deep", "subshell", "shell", "python", "background", "daemon"]);
  }
  assertMarksAreCovered(played);
});

test("JavaScript actions have pre steps in order and post steps from the last to the first", async () => {
  const played = await play("javascript", "javascript");

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  assert.deepEqual(placesOf(played), [
    "pre 1 first",
    "pre 2 __octo_full",
    "main 0 __actions_checkout",
    "main 1 first",
    "main 2 __octo_full",
    "main 3 __run",
    "main 4 __octo_plain",
    "main 5 __self",
    "post 0 __actions_checkout",
    "post 2 __octo_full",
    "post 1 first",
  ]);
  const log = readFileSync(played.log, "utf8");
  // Outputs, inputs and state went their ways.
  assert.match(log, /post of hello Ada, begun: yes\n[\s\S]*post of Ada, begun: yes\n/);
  assertMarksAreCovered(played);
});

test("composite actions are played three deep, their post steps within that of the outer step", async () => {
  const played = await play("composite", "composite");

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  const outer = (position: number, id: string) =>
    ["0", "1.0", "1.1", "1.2.0", "1.2.1", "1.2.2", "2"].map(
      (nested) => `main ${position}.${nested} ${id}`,
    );
  assert.deepEqual(placesOf(played), [
    "pre 2.1.2.1 deep",
    "pre 5.1.2.1 __octo_outer",
    "main 0 __actions_checkout",
    "main 1 __run",
    ...outer(2, "deep"),
    "main 3 __run_2",
    "main 4.0 __self",
    "main 4.1 __self",
    "main 4.2 __self",
    ...outer(5, "__octo_outer"),
    "post 4.1 __self",
    "post 0 __actions_checkout",
    "post 5.1.2.1 __octo_outer",
    "post 2.1.2.1 deep",
  ]);
  assert.deepEqual(new Set(played.children.map(({ line }) => line)).size, 6);
  assertMarksAreCovered(played);
});

test("each leg of a matrix is a job of its own, with its name", async () => {
  const matrix = { os: "ubuntu", version: 2 };

  const played = await play("matrix", "test", { matrix });

  assert.deepEqual([played.job["display_name"], played.job["matrix"]], ["test on ubuntu", matrix]);
  assert.deepEqual(wordsOf(played, "main:0:"), ["ubuntu-2"]);
});

test("a job of a called workflow has the lines of the called file", async () => {
  const played = await play("reusable", "call/inner");

  assert.equal(played.job["display_name"], "call / inner");
  assert.equal(played.job["workflow_file"], ".github/workflows/reusable.yml");
  assert.deepEqual(
    played.children.map(({ file, line }) => `${file}:${line}`),
    [".github/workflows/called.yml:15", ".github/workflows/called.yml:16"],
  );
  assert.match(readFileSync(played.log, "utf8"), /hello Lin\n/);
});

test("background steps overlap with those after them, and the job waits for them", async () => {
  const played = await play("background", "background");

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  const order = played.marks.map(({ words }) => words);
  assert.ok(order.indexOf("client") < order.indexOf("server-word"), order.join());
  assert.ok(order.indexOf("outer-last") < order.indexOf("after"), order.join());
  assert.deepEqual(wordsOf(played, "main:6:"), ["last"]);
  // Nested in the background: the id is that of whatever runs in front.
  const nested = played.children.filter(({ position, kind }) => position === 2 && kind === "main");
  assert.ok(nested.every(({ action }) => action !== "__octo_outer"));
  assertMarksAreCovered(played);
});

test("a failed step is followed by those that want it so, and by post steps", async () => {
  const played = await play("conditions", "conditions");

  assert.deepEqual([played.result, played.exit], ["Failed", 102]);
  assert.deepEqual(placesOf(played), [
    "pre 7 __octo_full",
    "main 2 __run_2",
    "main 3 __run_3",
    "main 4 __run_4",
    "main 6 __run_6",
    "main 7 __octo_full",
    "post 7 __octo_full",
  ]);
});

test("steps get the ids of the parser, those that never run included", async () => {
  const played = await play("ids", "example");

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  const ids = played.children.filter(({ kind }) => kind === "main").map(({ action }) => action);
  assert.deepEqual(
    [...new Set(ids)],
    [
      "__actions_checkout",
      "__run",
      "build",
      "__run_2",
      "__actions_checkout_2",
      "__self",
      "__self_2",
      "__github_codeql-action",
      "__github_codeql-action_2",
      "__run_3",
    ],
  );
  const clashes = await play("ids", "clashes");
  assert.deepEqual(placesOf(clashes), [
    "main 0 __run",
    "main 1 Run_2",
    "main 3 __run_3",
    "main 4 run",
    "main 5 BUILD",
  ]);
});

test("lines are found in flow style, behind anchors and in quoted keys", async () => {
  const flow = await play("flow", "flow");
  const anchors = await play("flow", "anchors");

  assert.deepEqual([flow.result, anchors.result], ["Succeeded", "Succeeded"]);
  assert.deepEqual(
    [flow, anchors].map(({ children }) => children.map(({ line }) => line)),
    [
      [6, 6, 7],
      [14, 14, 18, 26, 27],
    ],
  );
});

test("what a job leaves behind is killed by its tracking id, and only by that", async () => {
  const { log, marks } = await play("orphans", "orphans");
  const markedAs = (words: string) => marks.find((mark) => mark.words === words);
  const pidIn = (file: string) => Number(readFileSync(inWorkspace(runner, file), "utf8"));
  const [orphan, escaped] = [pidIn("orphan.pid"), pidIn("escaped.pid")];

  assert.ok(!isRunning(orphan));
  assert.ok(isRunning(escaped));
  process.kill(escaped, "SIGKILL");
  assert.match(
    readFileSync(log, "utf8"),
    new RegExp(`Terminate orphan process: pid \\(${orphan}\\) \\(sh\\)`),
  );
  assert.deepEqual([markedAs("orphan")?.ppid, markedAs("escaped")?.ppid], [orphan, escaped]);
});

test("a step that lies about itself changes nothing in the truth", async () => {
  const played = await play("lies", "lies");

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  assert.deepEqual(
    placesOf(played),
    [0, 1, 2, 3, 4].map((at) => `main ${at} __run${at === 0 ? "" : `_${at + 1}`}`),
  );
  assert.deepEqual(wordsOf(played, "main:0:"), ["lies", "deeper"]);
  assert.deepEqual(wordsOf(played, "main:1:"), ["worker", "listener"]);
  // The shell of the last step is the job's own, as it would be in reality.
  assert.deepEqual(wordsOf(played, "main:4:"), ["shell", "last"]);
  assert.equal(played.children.at(-1)?.program, inWorkspace(runner, "tools/bash"));
});

test("a busy job writes one whole line for each process that wants it", async () => {
  const played = await play("busy", "busy", { matrix: { job: 3 } });

  assert.equal(played.result, "Succeeded", readFileSync(played.log, "utf8"));
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));
  assert.deepEqual(wordsOf(played, "main:0:"), numbers(25));
  assert.deepEqual(wordsOf(played, "main:1:").sort(), numbers(25).sort());
  assert.deepEqual(wordsOf(played, "main:2:").sort(), numbers(10).sort());
});

test("what an earlier job left in the temporary and the actions' folder is gone", async () => {
  const folders = ["_temp", "_actions"].map((name) => join(runner.root, "_work", name, "stale"));
  for (const folder of folders) mkdirSync(folder, { recursive: true });

  await play("matrix", "test");

  assert.deepEqual(folders.filter(existsSync), []);
});
