import assert from "node:assert/strict";
import { test } from "node:test";
import { type ActionManifest, parseActionManifest } from "../../src/jobs/action_manifest.ts";

const nothing: ActionManifest = {
  ...{ kind: "unknown", pre: null, main: null, post: null, image: null, steps: [] },
  ...{ is_pre_conditional: false, is_post_conditional: false },
};

test("an action of node has its scripts", () => {
  const text = `name: x
description: y
inputs: {runs: {default: no}}
runs:
  using: node20
  pre: setup.js
  pre-if: runner.os == 'Linux'
  main: 'dist/index.js'
  post: dist/cleanup/index.js
`;

  assert.deepEqual(parseActionManifest(text), {
    ...{ ...nothing, kind: "node", pre: "setup.js", main: "dist/index.js" },
    ...{ post: "dist/cleanup/index.js", is_pre_conditional: true },
  });
  assert.deepEqual(parseActionManifest("runs: {using: NODE24, main: a, post-if: always()}"), {
    ...{ ...nothing, kind: "node", main: "a", is_post_conditional: true },
  });
});

test("an action of docker has its entry points, and not what is node's", () => {
  const text = `runs:
  using: Docker
  image: docker://alpine:3.8
  pre-entrypoint: /a.sh
  entrypoint: /b.sh
  post-entrypoint: /c.sh
  main: no.js
`;

  assert.deepEqual(parseActionManifest(text), {
    ...{ ...nothing, kind: "docker", image: "docker://alpine:3.8" },
    ...{ pre: "/a.sh", main: "/b.sh", post: "/c.sh" },
  });
  assert.deepEqual(parseActionManifest("runs:\n  using: docker\n  image: Dockerfile\n"), {
    ...{ ...nothing, kind: "docker", image: "Dockerfile" },
  });
});

test("a composite action has its steps, with the ids of their list", () => {
  const text = `runs:
  using: composite
  steps:
    - run: a
      shell: bash
    - uses: actions/cache@v4
      name: Cache
    - run: b
      shell: sh
`;
  const step = { name: null, is_background: false, is_skippable: false };

  assert.deepEqual(parseActionManifest(text), {
    ...{ ...nothing, kind: "composite" },
    steps: [
      {
        ...{ ...step, position: 0, id: "__run", uses: null, run: "a", shell: "bash" },
        ...{ line: 4, item_line: 4 },
      },
      {
        ...{ ...step, position: 1, id: "__actions_cache", uses: "actions/cache@v4", name: "Cache" },
        ...{ run: null, shell: null, line: 6, item_line: 6 },
      },
      {
        ...{ ...step, position: 2, id: "__run_2", uses: null, run: "b", shell: "sh" },
        ...{ line: 8, item_line: 8 },
      },
    ],
  });
});

test("an action of a kind that is not known has no steps, whatever it lists", () => {
  const kinds = ["node", "node4", "node200", "xnode20", "compositex", "", "[composite]", "~", "5"];

  for (const kind of kinds) {
    const text = `runs:\n  using: ${kind}\n  main: a\n  post: ''\n  steps:\n    - run: x\n`;
    assert.deepEqual(parseActionManifest(text), { ...nothing, main: "a" });
  }
});

test("what is no manifest is none", () => {
  const many = `runs:\n  using: composite\n  steps:\n${"    - run: x\n".repeat(1001)}`;
  const texts = [
    "",
    "runs",
    "name: x",
    "- runs: x",
    "runs: [",
    "__proto__: {runs: {using: node20}}",
  ];

  for (const text of [...texts, many, "[".repeat(100_000), `#${"x".repeat(1024 * 1024)}`]) {
    assert.equal(parseActionManifest(text), undefined);
  }
});

test("a manifest of which only the beginning is odd is still read", () => {
  assert.deepEqual(parseActionManifest("\ufeffruns:\r\n  using: &k node20\r\n  main: *k\r\n"), {
    ...{ ...nothing, kind: "node", main: "node20" },
  });
  assert.deepEqual(parseActionManifest("runs:"), nothing);
  assert.deepEqual(parseActionManifest("runs: x"), nothing);
});
