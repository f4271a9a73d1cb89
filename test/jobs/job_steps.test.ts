import assert from "node:assert/strict";
import { test } from "node:test";
import { type ActionManifest, parseActionManifest } from "../../src/jobs/action_manifest.ts";
import { JobSteps } from "../../src/jobs/job_steps.ts";
import type { Step } from "../../src/jobs/step.ts";
import { parseWorkflowJob } from "../../src/jobs/workflow_file.ts";

const work_folder = "/r/_work";
const workspace = "/r/_work/app/app";
const actions = `${work_folder}/_actions`;
const hook_scripts = { started: "/h/started.sh", completed: "/h/completed.sh" };

const manifests: Readonly<Record<string, string>> = {
  [`${actions}/o/same/v1`]: "runs: { using: node24, main: a.js, post: a.js }",
  [`${actions}/o/early/v1`]: "runs: { using: node24, pre: p.js, main: a.js, post: a.js }",
  [`${actions}/o/perhaps/v1`]: "runs: { using: node24, pre: a.js, pre-if: x, main: a.js }",
  [`${workspace}/own`]: "runs: { using: composite, steps: [{ uses: o/early@v1 }] }",
  [`${actions}/o/whole/v1`]:
    "runs: { using: composite, steps: [{ run: one, shell: bash, if: x }, { run: two, shell: bash }] }",
};

/** The steps of a job whose workflow's file is known. */
function stepsOf(list: string, has_past = false): JobSteps {
  const manifestOf = (directory: string): ActionManifest | undefined =>
    parseActionManifest(manifests[directory] ?? "");
  const steps = new JobSteps({ work_folder, hook_scripts, manifestOf, has_past });
  const workflow = parseWorkflowJob(`jobs: { test: { steps: ${list} } }`, "test");
  assert.ok(workflow);
  steps.learn({ workflow, file: ".github/workflows/ci.yml" });
  return steps;
}

let keys = 0;

interface Played {
  readonly action?: string;
  readonly args: readonly string[];
  readonly path?: string;
  readonly script?: string;
  readonly exit?: number;
}

/** Starts and ends a child. @returns what it was taken for */
function play(steps: JobSteps, { action, args, path, script, exit = 0 }: Played): string {
  const process_key = ++keys;
  const environment = {
    GITHUB_WORKSPACE: workspace,
    ...(action === undefined ? {} : { GITHUB_ACTION: action }),
    ...(path === undefined ? {} : { GITHUB_ACTION_PATH: path }),
  };
  const child = { process_key, time_us: process_key, args, environment };
  const step = steps.childStarted(script === undefined ? child : { ...child, script });
  const said = step ? brief(step) : "none";
  steps.childEnded(process_key, process_key, exit);
  return said;
}

const brief = ({ phase, position, nested, certainty }: Step): string =>
  `${phase} ${position ?? "?"}${nested === null ? " ?" : nested.map((at) => `.${at}`).join("")} ${certainty}`;

const shell = (): readonly string[] => [
  "/bin/bash",
  "-e",
  `${work_folder}/_temp/0a1b2c3d-0000-4000-8000-00000000000${keys % 10}.sh`,
];
const node = (action: string, script: string): readonly string[] => [
  "/r/externals/node24/bin/node",
  `${actions}/${action}/v1/${script}`,
];

test("hooks, set-up, steps and what is between them are told apart", () => {
  const steps = stepsOf("[{ run: x }, { uses: o/same@v1 }]");

  const said = [
    play(steps, { args: ["docker", "network", "create", "n"] }),
    play(steps, { args: ["/bin/bash", "-e", hook_scripts.started] }),
    play(steps, { action: "__run", args: shell() }),
    play(steps, { action: "__o_same", args: node("o/same", "a.js") }),
    play(steps, { args: ["/r/externals/node24/bin/node", "/r/bin/hashFiles/index.js"] }),
    play(steps, { action: "__o_same", args: node("o/same", "a.js") }),
    play(steps, { action: "__o_same", args: ["/bin/bash", "-e", hook_scripts.completed] }),
  ];

  assert.deepEqual(said, [
    "set_up ? ? certain",
    "hook_started ? ? certain",
    "main 0 certain",
    "main 1 certain",
    "none",
    "post 1 certain",
    "hook_completed ? ? certain",
  ]);
});

test("what a nested step is that may have been left out is told by its script, or not at all", () => {
  const path = `${actions}/o/whole/v1`;
  const list = "[{ uses: o/whole@v1 }]";

  const byScript = play(stepsOf(list), { action: "__o_whole", args: shell(), path, script: "two" });
  const without = play(stepsOf(list), { action: "__o_whole", args: shell(), path });

  assert.deepEqual([byScript, without], ["main 0.1 certain", "unknown 0 ? unknown"]);
});

test("a process that could not be told is not forgotten: what follows it may be anything", () => {
  const steps = stepsOf("[{ uses: o/perhaps@v1 }, { uses: o/same@v1, if: x }, { run: x, if: x }]");

  const said = [
    play(steps, { action: "__o_perhaps", args: node("o/perhaps", "a.js") }),
    play(steps, { action: "__o_perhaps", args: node("o/perhaps", "a.js") }),
  ];

  assert.deepEqual(said, ["unknown 0 ? unknown", "unknown 0 ? unknown"]);
});

test("the main of a later step ends the time of this one's: then it is its post", () => {
  const steps = stepsOf("[{ uses: o/early@v1, if: x }, { run: x }]");

  const said = [
    play(steps, { action: "__o_early", args: node("o/early", "p.js") }),
    play(steps, { action: "__run", args: shell() }),
    play(steps, { action: "__o_early", args: node("o/early", "a.js") }),
  ];

  assert.deepEqual(said, ["pre 0 certain", "main 1 certain", "post 0 certain"]);
});

test("an action below one of the workspace has no pre", () => {
  const path = `${workspace}/own`;
  const steps = stepsOf("[{ uses: ./own }]");

  const said = play(steps, { action: "__self", args: node("o/early", "a.js"), path });

  assert.equal(said, "main 0.0 certain");
});

test("a name that a background step may have lent decides nothing where two places fit", () => {
  const path = `${actions}/o/whole/v1`;
  const list = "[{ uses: o/whole@v1, background: true }, { uses: o/whole@v1 }]";
  const steps = stepsOf(list);

  const said = play(steps, { action: "__o_whole_2", args: shell(), path, script: "two" });

  assert.equal(said, "unknown ? ? unknown");
});

test("a variable that a workflow can set changes nothing for a step of the job itself", () => {
  const steps = stepsOf("[{ run: x }, { uses: o/whole@v1 }]");
  const path = `${actions}/o/whole/v1`;

  assert.equal(play(steps, { action: "__run", args: shell(), path }), "main 0 certain");
});

test("of a job that ran before, what the order alone would tell is not told", () => {
  const list = "[{ uses: o/same@v1 }, { run: make }]";
  const same = { action: "__o_same", args: ["node", `${actions}/o/same/v1/a.js`] };
  const make = {
    action: "__run",
    args: ["bash", "-e", `${work_folder}/_temp/0a1b2c3d-0000-4000-8000-00000000000f.sh`],
  };
  const [whole, rest] = [stepsOf(list), stepsOf(list, true)];

  const told = [play(whole, { args: ["git"] }), play(whole, same), play(whole, make)];
  const late = [play(rest, { args: ["git"] }), play(rest, same), play(rest, make)];

  assert.deepEqual(told, ["set_up ? ? certain", "main 0 certain", "main 1 certain"]);
  assert.deepEqual(late, ["none", "unknown 0 ? unknown", "main 1 likely"]);
});
