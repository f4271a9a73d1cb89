import assert from "node:assert/strict";
import { test } from "node:test";
import { tableLines } from "../../src/cli/table.ts";

const columns = [{ title: "NAME" }, { title: "N", align: "right" }, { title: "TEXT" }] as const;
const plain = { colour: false, columns: undefined };

test("columns are as wide as their widest cell, wide characters counted twice", () => {
  const rows = [
    ["日本", "5", "a"],
    ["abcdef", "10", "b"],
  ];

  const lines = [...tableLines(columns, rows, plain)];

  assert.deepEqual(lines, ["NAME     N  TEXT", "日本     5  a", "abcdef  10  b"]);
});

test("the last column is cut where the terminal ends, and no other takes most of it", () => {
  const rows = [["n".repeat(30), "1", "t".repeat(30)]];

  const [, line] = [...tableLines(columns, rows, { colour: false, columns: 40 })];

  assert.equal(line, `${"n".repeat(15)}…  1  ${"t".repeat(18)}…`);
  assert.equal(line.length, 40);
});

test("cells are inert, and colour comes after that", () => {
  const rows = [["\x1b[2J", "1", { text: "a\nb", style: "red" }]] as const;

  const [, line] = [...tableLines(columns, rows, { colour: true, columns: undefined })];

  assert.equal(line, "\\x1b[2J  1  \x1b[31ma\\nb\x1b[39m");
});

test("many rows come while they are read", () => {
  let read = 0;
  function* rows() {
    for (; read < 1_000_000; read++) yield ["x", "1", "y"];
  }

  const lines = tableLines(columns, rows(), plain);
  for (let i = 0; i < 1000; i++) lines.next();
  lines.return(undefined);

  assert.ok(read < 2000);
});
