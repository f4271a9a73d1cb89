import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUses, tidy, tidyUses, type Uses, usesText } from "../../src/jobs/uses.ts";

const repository = "o/r";

test("each form of a uses is known", () => {
  const forms: [string, Uses][] = [
    ["o/r@v1", { kind: "repository", repository, path: "", ref: "v1" }],
    [
      "o/r/a/b@refs/heads/x@y",
      { kind: "repository", repository, path: "a/b", ref: "refs/heads/x@y" },
    ],
    ["o/r//a/./b/../c/@v1", { kind: "repository", repository, path: "a/c", ref: "v1" }],
    ["./", { kind: "local", path: "" }],
    ["./.github/actions/x/", { kind: "local", path: ".github/actions/x" }],
    ["./a/../../b", { kind: "local", path: "../b" }],
    ["docker://alpine:3.8", { kind: "docker", image: "alpine:3.8" }],
    ["docker://r.io/o/i@sha256:0", { kind: "docker", image: "r.io/o/i@sha256:0" }],
  ];

  assert.deepEqual(
    forms.map(([text]) => parseUses(text)),
    forms.map(([, uses]) => uses),
  );
});

test("what is none of the forms is not guessed at", () => {
  const texts = [
    ...["", "o/r", "o@v1", "/r@v1", "o/@v1", "o/r@", "@v1", "$/x@v1", "../x@v1", ".\\x@v1"],
    ...["\x24{{ x }}", `o/r@${"v".repeat(1024)}`, `./${"x".repeat(1024)}`],
  ];

  assert.deepEqual(
    texts.map((text) => parseUses(text)),
    texts.map(() => undefined),
  );
  assert.deepEqual(texts.map(tidyUses), texts);
});

test("one action has one spelling, and that is read as the same", () => {
  const spellings = [
    ["o/r@v1", "o/r@v1"],
    ["o/r/@v1", "o/r@v1"],
    ["o/r//a/@v1", "o/r/a@v1"],
    ["./", "./"],
    [".//a/./b/", "./a/b"],
    ["docker://a//b", "docker://a//b"],
  ] as const;

  for (const [text, one] of spellings) {
    assert.equal(tidyUses(text), one);
    assert.deepEqual(parseUses(one), parseUses(text));
  }
  assert.equal(usesText({ kind: "repository", repository, path: "a", ref: "b" }), "o/r/a@b");
});

test("what leads out of a path stays in it", () => {
  const paths = [
    ["", ""],
    ["/a//b/", "a/b"],
    ["./a/.", "a"],
    ["a/../..", ".."],
    ["../../a/..", "../.."],
    ["a/b/../../c", "c"],
    ["...", "..."],
  ] as const;

  for (const [path, tidied] of paths) assert.equal(tidy(path), tidied);
});
