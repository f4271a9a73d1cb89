import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { inWorkspace, newRunner, type Played, play, removeRunner, variablesIn } from "./harness.ts";

const runner = newRunner({ env: { FROM_DOT_ENV: "yes" } });
let played: Played;
before(async () => {
  await runner.start();
  played = await play(runner, "environment", "environment", {
    event: "pull_request",
    secrets: { PASSWORD: "hunter2" },
  });
});
after(() => removeRunner(runner));

const dumped = (file: string, separator?: string) =>
  variablesIn(readFileSync(inWorkspace(runner, file), "utf8"), separator);

test("a run step has the contexts over everything that the workflow sets", () => {
  const env = dumped("step.env");
  const { job } = played;

  const { GITHUB_ENV, GITHUB_OUTPUT, GITHUB_PATH, GITHUB_STATE, GITHUB_STEP_SUMMARY, ...rest } =
    env;
  assert.deepEqual(
    Object.fromEntries(Object.entries(rest).filter(([name]) => /^(GITHUB|RUNNER|CI)/.test(name))),
    {
      CI: "true",
      GITHUB_ACTION: "__run",
      // Not in the context of a step that is not nested: the workflow can set it.
      GITHUB_ACTION_PATH: "/forged",
      GITHUB_ACTION_REF: "",
      GITHUB_ACTION_REPOSITORY: "",
      GITHUB_ACTIONS: "true",
      GITHUB_ACTOR: "octocat",
      GITHUB_ACTOR_ID: "1",
      GITHUB_API_URL: "https://api.github.com",
      GITHUB_BASE_REF: "main",
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_EVENT_PATH: `${runner.root}/_work/_temp/_github_workflow/event.json`,
      GITHUB_GRAPHQL_URL: "https://api.github.com/graphql",
      GITHUB_HEAD_REF: "feature",
      GITHUB_JOB: "environment",
      GITHUB_REF: "refs/pull/5/merge",
      GITHUB_REF_NAME: "5/merge",
      GITHUB_REF_PROTECTED: "false",
      GITHUB_REF_TYPE: "branch",
      GITHUB_REPOSITORY: "octo/hello",
      GITHUB_REPOSITORY_ID: "424242",
      GITHUB_REPOSITORY_OWNER: "octo",
      GITHUB_REPOSITORY_OWNER_ID: "4242",
      GITHUB_RETENTION_DAYS: "90",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_RUN_ID: String(job["run_id"]),
      GITHUB_RUN_NUMBER: String(job["run_number"]),
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_SHA: job["sha"],
      GITHUB_TRIGGERING_ACTOR: "octocat",
      GITHUB_WORKFLOW: "Environment",
      GITHUB_WORKFLOW_REF: "octo/hello/.github/workflows/environment.yml@refs/pull/5/merge",
      GITHUB_WORKFLOW_SHA: job["workflow_sha"],
      GITHUB_WORKSPACE: inWorkspace(runner, "").replace(/\/$/, ""),
      RUNNER_ARCH: process.arch === "arm64" ? "ARM64" : "X64",
      RUNNER_ENVIRONMENT: "self-hosted",
      RUNNER_NAME: "runner-1",
      RUNNER_OS: "Linux",
      RUNNER_TEMP: `${runner.root}/_work/_temp`,
      RUNNER_TOOL_CACHE: `${runner.root}/_work/_tool`,
      RUNNER_TRACKING_ID: env["RUNNER_TRACKING_ID"],
      RUNNER_WORKSPACE: `${runner.root}/_work/hello`,
    },
  );
  for (const path of [GITHUB_ENV, GITHUB_OUTPUT, GITHUB_PATH, GITHUB_STATE, GITHUB_STEP_SUMMARY]) {
    assert.match(path ?? "", /\/_work\/_temp\/_runner_file_commands\/\w+_[0-9a-f-]{36}$/);
  }
  assert.match(env["RUNNER_TRACKING_ID"] ?? "", /^github_[0-9a-f-]{36}$/);
  assert.match(env["ACTIONS_ORCHESTRATION_ID"] ?? "", /^[0-9a-f-]{36}\.environment\.__default$/);
  assert.deepEqual(
    [env["LAYER"], env["SECRET"], env["FROM_DOT_ENV"], env["ACTIONS_RUNTIME_TOKEN"]],
    ["step", "hunter2", "yes", undefined],
  );
  assert.ok(!("GITHUB_TOKEN" in env));
});

test("what a step writes to its files is there for those after it, but forges nothing", () => {
  const env = dumped("after.env");

  assert.deepEqual([env["LAYER"], env["LINES"]], ["file", "one"]);
  assert.equal(env["GITHUB_RUN_ID"], String(played.job["run_id"]));
  assert.ok(env["PATH"]?.startsWith(`${inWorkspace(runner, "tools")}:`));
  assert.equal(played.summary, "# Summary\n");
});

test("a nested step has the id of the outer step and the folder of its composite action", () => {
  const env = dumped("nested.env");

  assert.deepEqual(
    ["ACTION", "ACTION_PATH", "ACTION_REPOSITORY", "ACTION_REF"].map(
      (name) => env[`GITHUB_${name}`],
    ),
    ["__octo_outer", `${runner.root}/_work/_actions/octo/inner/v1`, "", ""],
  );
  assert.equal(env["STANDIN_TRUTH"], "main:3:1.2.0");
});

test("a workflow may take the tracking id away from a step", () => {
  assert.equal(dumped("untracked.env", "\0")["RUNNER_TRACKING_ID"], "");
});

test("the job's log does not show a secret", () => {
  const log = readFileSync(played.log, "utf8");

  assert.match(log, /the secret is \*\*\*\n/);
  assert.doesNotMatch(log, /hunter2/);
});
