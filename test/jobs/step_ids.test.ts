import assert from "node:assert/strict";
import { test } from "node:test";
import { stepIds } from "../../src/jobs/step_ids.ts";

test("the steps of a job get the ids that the runner gives them", () => {
  const steps = [
    ...[{ uses: "actions/checkout@v4" }, {}, { id: "build" }, {}, { uses: "actions/checkout@v4" }],
    ...[{ uses: "./local" }, { uses: "docker://alpine:3.8" }, { uses: "./.github/actions/x" }],
    ...[{ uses: "github/codeql-action/init@v3" }, { uses: "github/codeql-action/analyze@v3" }, {}],
  ];

  assert.deepEqual(stepIds(steps), [
    ...["__actions_checkout", "__run", "build", "__run_2", "__actions_checkout_2"],
    ...["__self", "__alpine_3_8", "__self_2"],
    ...["__github_codeql-action", "__github_codeql-action_2", "__run_3"],
  ]);
});

test("written ids are taken first, wherever they stand and in whichever case", () => {
  const steps = [{}, { id: "__RUN" }, {}, { id: "__run_3" }, { id: null, uses: null }, { id: "" }];

  assert.deepEqual(stepIds(steps), [
    "__run_2",
    "__RUN",
    "__run_4",
    "__run_3",
    "__run_5",
    "__run_6",
  ]);
});

test("names that differ only in their case share their numbers", () => {
  const steps = ["Octo/App@v1", "octo/app@v1", "OCTO/APP/x@v2", "octo/app_2@v1"];

  assert.deepEqual(stepIds(steps.map((uses) => ({ uses }))), [
    "__Octo_App",
    "__octo_app_2",
    "__OCTO_APP_3",
    "__octo_app_2_2",
  ]);
});

test("each kind of action has its own base", () => {
  const uses = [
    ".\\local",
    "$/.github/actions/x",
    "docker://ghcr.io/o/r:1@sha256:a",
    "a\\b@c",
    "x",
  ];

  assert.deepEqual(stepIds(uses.map((one) => ({ uses: one }))), [
    "__self",
    "__selfRepository",
    "__ghcr_io_o_r_1_sha256_a",
    "__a_b",
    "__x_",
  ]);
});

test("a long name is cut so that its number fits into 100 characters", () => {
  const uses = `${"o".repeat(60)}/${"r".repeat(60)}@v1`;
  const name = `__${"o".repeat(60)}_${"r".repeat(37)}`;

  const ids = stepIds(Array.from({ length: 10 }, () => ({ uses })));

  assert.deepEqual(
    [ids[0], ids[1], ids[9]],
    [name, `${name.slice(0, 98)}_2`, `${name.slice(0, 97)}_10`],
  );
});

test("a very long list has its numbers, without a second try of those that are taken", () => {
  const ids = stepIds(Array.from({ length: 100_000 }, () => ({})));

  assert.equal(ids.at(-1), "__run_100000");
  assert.equal(new Set(ids).size, 100_000);
});
