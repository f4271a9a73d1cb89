import assert from "node:assert/strict";
import { test } from "node:test";
import { signatures } from "../../src/signatures/index.ts";
import { falcoRules, traceeSignatures } from "../../src/signatures/other_tools.ts";
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

test("what other tools detect is compared with signatures that are there, or it is said why not", () => {
  const known = new Set<string>(signatures.map(({ id }) => id));
  for (const { theirs, ours, note } of [...traceeSignatures, ...falcoRules]) {
    for (const id of ours) assert.ok(known.has(id), `${theirs}: ${id}`);
    assert.ok(ours.length > 0 || note.length > 0, theirs);
  }
  assert.equal(traceeSignatures.length, 31);
  assert.equal(falcoRules.length, 25);
});
