import assert from "node:assert/strict";
import { test } from "node:test";
import { treeLines } from "../../src/cli/tree.ts";

interface Node {
  readonly name: string;
  readonly below?: readonly Node[];
}
const lines = (roots: readonly Node[], depth?: number): string[] =>
  [...treeLines(roots, ({ below = [] }) => below, depth)].map(
    ({ prefix, node, hidden }) => prefix + node.name + (hidden > 0 ? ` +${hidden}` : ""),
  );
const family: Node = {
  name: "a",
  below: [{ name: "b", below: [{ name: "c" }, { name: "d" }] }, { name: "e" }],
};

test("branches are drawn, and end at the last child", () => {
  assert.deepEqual(lines([family, { name: "f" }]), [
    "a",
    "├─ b",
    "│  ├─ c",
    "│  └─ d",
    "└─ e",
    "f",
  ]);
});

test("the depth hides children and counts them", () => {
  assert.deepEqual(lines([family], 2), ["a", "├─ b +2", "└─ e"]);
});

test("a very deep line says its level and has a bounded width", () => {
  let node: Node = { name: "leaf" };
  for (let level = 0; level < 999; level++) node = { name: "x", below: [node] };

  const drawn = lines([node]);

  assert.equal(drawn.length, 1000);
  assert.match(drawn.at(-1) ?? "", /^\(level 1000\) +└─ leaf$/);
  assert.ok(Math.max(...drawn.map(({ length }) => length)) < 130);
});
