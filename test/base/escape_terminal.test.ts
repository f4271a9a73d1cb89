import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "../../src/base/escape_terminal.ts";

test("text of any script, with spaces and quotes, stays as it is", () => {
  const text = `gcc -o "a b" 'c' \\n é ж 漢字 😀 €`;

  assert.equal(printable(text), text);
});

test("what a terminal would obey is spelt out", () => {
  assert.equal(printable("\x1b[2J\x07\x00\x7f\x9b31m"), "\\x1b[2J\\x07\\x00\\x7f\\x9b31m");
});

test("newline, carriage return and tab are spelt as they are written", () => {
  assert.equal(printable("a\nb\rc\td"), "a\\nb\\rc\\td");
});

test("what reorders or hides text is spelt out", () => {
  const hidden = "a\u202eb\u2066c\u200bd\ufeffe\u00adf\u2028g\u{e0041}h\ufe0fi\u3164j";

  const shown = "a\\u202eb\\u2066c\\u200bd\\ufeffe\\xadf\\u2028g\\u{e0041}h\\ufe0fi\\u3164j";
  assert.equal(printable(hidden), shown);
});

test("half of a surrogate pair is spelt out", () => {
  assert.equal(printable("a\ud800b"), "a\\ud800b");
});
