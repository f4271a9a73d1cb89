import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonLine } from "../../src/cli/json.ts";
import { hostile, unsafe } from "./database.ts";

test("a line is one line, inert on a terminal, and parses back to the same value", () => {
  const value = { [hostile]: [hostile, "\u{e0041}tag", "\ufe0f", "日本 🎉"], n: 1.5, no: null };

  const line = jsonLine(value);

  assert.doesNotMatch(line, /\n/);
  assert.doesNotMatch(line, unsafe);
  assert.match(line, /日本 🎉/);
  assert.deepEqual(JSON.parse(line), value);
});

test("an integer that is too large for JSON is text", () => {
  assert.equal(jsonLine([2n ** 60n, 5n]), '["1152921504606846976",5]');
});
