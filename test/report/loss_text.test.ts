import assert from "node:assert/strict";
import { test } from "node:test";
import { completenessText } from "../../src/report/loss_text.ts";

const before = { kind: "before_tracing", lost: 1 };
const opens = { kind: "file_open", lost: 1200 };
const hostile = { kind: "a\u001b[2J", lost: 1 };

for (const [name, losses, text] of [
  ["nothing", [], "complete"],
  ["one kind", [opens], "incomplete: 1200 events lost (file_open)"],
  ["two kinds", [opens, hostile], "incomplete: 1201 events lost (file_open 1200, a\\x1b[2J 1)"],
  ["the time before", [before], "incomplete: tracing began in the middle of the job"],
  [
    "the time before, and events",
    [opens, before],
    "incomplete: tracing began in the middle of the job; 1200 events lost (file_open)",
  ],
] as const) {
  test(`a record without ${name} is called so`, () => {
    assert.equal(completenessText(losses), text);
  });
}
