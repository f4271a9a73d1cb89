import assert from "node:assert/strict";
import { test } from "node:test";
import { signatures } from "../../src/signatures/index.ts";
import { signaturesPage } from "../../src/signatures/page.ts";

test("the page says of each signature what it is, why, what else fires it and how to evade it", () => {
  const page = signaturesPage();

  for (const { id, title, doc, why, benign, evade } of signatures) {
    for (const text of [`## ${id} ${title}`, doc, why, ...benign, ...evade]) {
      assert.ok(page.includes(text), `${id}: ${text}`);
    }
  }
});

test("the table of the page leads to the section of a signature", () => {
  const page = signaturesPage();

  assert.match(
    page,
    /\| \[TRC-101\]\(#trc-101-standard-inputoutput-over-socket\) \| .* \| high \| TRC-1 \|/,
  );
});

test("ids and names are used once, and sentences end", () => {
  const ids = signatures.flatMap(({ id, name, formerly = [] }) => [id, name, ...formerly]);
  const sentences = signatures.flatMap(({ doc, why, benign, evade }) => [
    doc,
    why,
    ...benign,
    ...evade,
  ]);

  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(
    sentences.filter((sentence) => !sentence.endsWith(".")),
    [],
  );
});
