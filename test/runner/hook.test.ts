import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { inWorkspace, newRunner, placesOf, play, removeRunner, variablesIn } from "./harness.ts";

/** A runner whose hooks are these scripts. */
async function runnerWithHooks(t: TestContext, started: string, completed: string) {
  const runner = newRunner();
  t.after(() => removeRunner(runner));
  const path = (name: string) => join(runner.root, "standin", name);
  writeFileSync(path("started.sh"), started);
  writeFileSync(path("completed.sh"), completed);
  const env = `ACTIONS_RUNNER_HOOK_JOB_STARTED=${path("started.sh")}
ACTIONS_RUNNER_HOOK_JOB_COMPLETED=${path("completed.sh")}
`;
  writeFileSync(join(runner.root, ".env"), env);
  await runner.start();
  return runner;
}

test("hooks run before the first and after the last step, without the job's environment", async (t) => {
  const runner = await runnerWithHooks(
    t,
    'pwd >started.pwd; env >started.env; mark started; echo "::notice::traced"',
    'env >completed.env; mark completed; echo "## Findings" >>"$GITHUB_STEP_SUMMARY"',
  );

  const played = await play(runner, "environment", "environment");

  assert.equal(played.result, "Succeeded");
  const places = placesOf(played);
  assert.deepEqual(
    [places[0], places.at(-1)],
    ["hook_started  null", "hook_completed  __octo_outer"],
  );
  assert.equal(played.summary, "# Summary\n\n## Findings\n");
  const [first, last] = ["started.env", "completed.env"].map((file) =>
    variablesIn(readFileSync(inWorkspace(runner, file), "utf8")),
  );
  for (const env of [first, last]) {
    assert.equal(env?.["LAYER"], undefined);
    assert.equal(env?.["GITHUB_REPOSITORY"], "octo/hello");
    assert.match(env?.["RUNNER_TRACKING_ID"] ?? "", /^github_/);
  }
  assert.deepEqual(
    [first?.["GITHUB_ACTION"], last?.["GITHUB_ACTION"]],
    [undefined, "__octo_outer"],
  );
  assert.equal(
    `${readFileSync(inWorkspace(runner, "started.pwd"), "utf8")}`.trim(),
    inWorkspace(runner, "").replace(/\/$/, ""),
  );
  assert.match(
    readFileSync(played.log, "utf8"),
    /A job started hook has been configured by the self-hosted runner administrator\nRun '.*started\.sh'/,
  );
  assert.match(
    readFileSync(String(played.job["trace_log"]), "utf8"),
    /Arguments: '-e \S+\/started\.sh'/,
  );
});

test("a started hook that fails skips the steps, but neither those that always run nor pre and post", async (t) => {
  const runner = await runnerWithHooks(t, "exit 9", "mark completed");

  const played = await play(runner, "conditions", "conditions");

  assert.deepEqual([played.result, played.exit], ["Failed", 102]);
  assert.deepEqual(placesOf(played), [
    "hook_started  null",
    "pre 7 __octo_full",
    "main 6 __run_6",
    "main 7 __octo_full",
    "post 7 __octo_full",
    "hook_completed  __octo_full",
  ]);
});

test("a completed hook that fails makes the job fail", async (t) => {
  const runner = await runnerWithHooks(t, "true", "exit 1");

  const played = await play(runner, "matrix", "test");

  assert.deepEqual([played.result, played.exit], ["Failed", 102]);
});
