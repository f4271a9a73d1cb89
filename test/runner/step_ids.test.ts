import assert from "node:assert/strict";
import { test } from "node:test";
import { stepIds } from "./step_ids.ts";

test("ids are made from what a step uses, in order, without path and ref", () => {
  const ids = stepIds([
    { uses: "actions/checkout@v4" },
    {},
    { id: "build" },
    {},
    { uses: "actions/checkout@v4" },
    { uses: "./local" },
    { uses: "docker://alpine:3.8" },
    { uses: "./.github/actions/x" },
    { uses: "github/codeql-action/init@v3" },
    { uses: "github/codeql-action/analyze@v3" },
    {},
  ]);

  assert.deepEqual(ids, [
    "__actions_checkout",
    "__run",
    "build",
    "__run_2",
    "__actions_checkout_2",
    "__self",
    "__alpine_3_8",
    "__self_2",
    "__github_codeql-action",
    "__github_codeql-action_2",
    "__run_3",
  ]);
});

test("an explicit id is taken from the start, whatever its case and place", () => {
  assert.deepEqual(stepIds([{}, {}, { id: "__RUN_2" }]), ["__run", "__run_3", "__RUN_2"]);
});

test("a long id is cut so that its number fits into 100 characters", () => {
  const uses = `octo/${"x".repeat(120)}@v1`;

  const [first, second] = stepIds([{ uses }, { uses }]);

  assert.equal(first, `__octo_${"x".repeat(93)}`);
  assert.equal(second, `__octo_${"x".repeat(91)}_2`);
});
