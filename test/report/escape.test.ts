import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "../../src/base/escape_terminal.ts";
import {
  commandData,
  commandProperty,
  cutBytes,
  cutUnits,
  logLine,
  markdownBlock,
  markdownCode,
  markdownText,
} from "../../src/report/escape.ts";
import { commandOf } from "./runner_parser.ts";
import { hostile, randomTexts } from "./sample.ts";

const texts = [hostile, ...randomTexts(20_000)];

test("a line of ordinary text stays as it is", () => {
  const text = "gcc -o a::b 'c d' [x] # y :: é 漢 😀 100% #[ ##";

  assert.equal(logLine(text), text);
});

const lines = [
  ["::error::x", "\\x3a:error::x"],
  ["  \u00a0::error::x", "  \u00a0\\x3a:error::x"],
  [":::group::x", "\\x3a::group::x"],
  ["\u034f::error::x", "\u034f\\x3a:error::x"],
  [":\u0301:error::x", "\\x3a\u0301:error::x"],
  ["\u200b::error::x", "\\u200b::error::x"],
  ["\x1b[0m::error::x", "\\x1b[0m::error::x"],
  ["a ##[error]x", "a \\x23#[error]x"],
  ["###[error]x", "#\\x23#[error]x"],
  ["#\u0301#\u0301[error]x", "\\x23\u0301#\u0301[error]x"],
  ["a\n::error::x\r\n", "a\\n::error::x\\r\\n"],
  ["a\u2028::error::x\0", "a\\u2028::error::x\\x00"],
] as const;

for (const [text, inert] of lines) {
  test(`${JSON.stringify(text)} is no command of the runner`, () => {
    assert.equal(logLine(text), inert);
  });
}

test("no text makes a line that the runner obeys, or more lines than one", () => {
  assert.notEqual(commandOf(texts[0]!), undefined);
  for (const text of texts) {
    const line = logLine(text);

    assert.equal(commandOf(line), undefined, JSON.stringify(text));
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }
});

test("a message of a command keeps its lines, and can only be read as that message", () => {
  assert.equal(commandData(["a%0A:,b", "::x::", "c\nd"], 99), "a%250A:,b%0A\\x3a:x::%0Ac\\nd");
  for (const text of texts) {
    const read = commandOf(`::error::${commandData([text, text], 1e6)}`);

    const line = visible(logLine(text));
    assert.equal(read?.name, "error");
    assert.equal(read.data, `${line}\n${line}`);
  }
});

test("a property of a command ends where it ends", () => {
  assert.equal(commandProperty("a:b,c=d%2C::e"), "a%3Ab%2Cc=d%252C%3A%3Ae");
  for (const text of texts) {
    const read = commandOf(`::error title=${commandProperty(text)},line=1::data`);

    const expected = { title: visible(printable(text)), line: "1" };
    assert.deepEqual(read, { name: "error", properties: expected, data: "data" });
  }
});

test("Markdown is shown as it is written", () => {
  assert.equal(markdownText("a_b 1.5"), "a&#95;b 1&#46;5");
  assert.equal(markdownCode("<a|b>"), "<code>&#60;a&#124;b&#62;</code>");
  assert.equal(markdownCode("x@y.z\n"), "<code>x&#64;<!-- -->y&#46;z&#92;n</code>");
  assert.equal(markdownBlock(["  a `", "</pre>"]), "<pre>  a &#96;\n&#60;&#47;pre&#62;</pre>");
});

test("no text leaves a mark of Markdown or HTML, and all of it can be read back", () => {
  for (const text of texts) {
    const escaped = markdownText(text);

    assert.match(escaped, /^(?:[A-Za-z0-9 ]|&#\d+;|<!-- -->|[^ -~])*$/u);
    assert.doesNotMatch(escaped, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    assert.equal(unescaped(escaped), printable(text));
  }
});

test("a text is cut by bytes, never inside a character", () => {
  assert.equal(cutBytes("abcdef", 6), "abcdef");
  assert.equal(cutBytes("abcdefg", 6), "abc…");
  assert.equal(cutBytes("漢漢漢", 8), "漢…");
  assert.equal(cutBytes("😀😀", 7), "😀…");
  assert.equal(cutBytes("😀😀", 6), "…");
  assert.equal(cutBytes("abcd", 2), "");
  for (const text of texts.slice(0, 2_000)) {
    for (const most of [0, 3, 10, 40]) {
      const cut = cutBytes(text, most);

      assert.ok(Buffer.byteLength(cut) <= most);
      assert.ok(
        cut === text || text.toWellFormed().startsWith(cut.replace(/…$/, "").toWellFormed()),
      );
    }
  }
});

test("a text is cut by UTF-16 units, never inside a pair", () => {
  assert.equal(cutUnits("abcdef", 6), "abcdef");
  assert.equal(cutUnits("abcdefg", 6), "abcde…");
  assert.equal(cutUnits("a😀😀", 4), "a😀…");
  assert.equal(cutUnits("a😀😀", 3), "a…");
  assert.equal(cutUnits("ab", 0), "…");
});

/** Without what the stand-in of the runner takes out. */
const visible = (text: string): string => text.replace(/[\p{Cf}\p{Mn}\p{Cc}]/gu, "");

/** As a browser shows it. */
const unescaped = (html: string): string =>
  html
    .replaceAll("<!-- -->", "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
