import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { find, host } from "./left.ts";

test("a container that runs is told with its name, or else its id", () => {
  const id = "0123456789abcdef".repeat(4);
  const container = { id, name: "", image: "alpine", process_key: 7, time_us: 5 };

  const { residue } = find({
    containers: [container, { ...container, name: "db", detail: { step: "x" } }],
  });

  assert.deepEqual(
    residue.map(({ what, time_us, detail }) => [what, time_us, detail["step"]]),
    [
      ["container still runs: 0123456789ab of alpine", 5, undefined],
      ["container still runs: db of alpine", 5, "x"],
    ],
  );
});

test("many files are looked at in many slices, and nothing is told twice", (t) => {
  const { home, write, left } = host(t);
  mkdirSync(`${home}/.ssh`);
  const paths = Array.from({ length: 200 }, (_, i) => `${home}/.ssh/key${i}`);
  for (const path of paths) write(path);

  const { residue, steps } = left(0);

  assert.ok(steps >= paths.length, `${steps} steps`);
  assert.deepEqual(
    residue.map(({ path }) => path),
    paths,
  );
});
