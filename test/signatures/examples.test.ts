import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.ts";
import type { Finding } from "../../src/engine/finding.ts";
import type { Samples, Signature } from "../../src/engine/signature.ts";
import { ProcessTree } from "../../src/jobs/process_tree.ts";
import { signatures } from "../../src/signatures/index.ts";
import { complete } from "../engine/sample.ts";

/** What the signature says about each event, with a real tree and engine. */
function judged(signature: Signature, sequence: readonly Samples[]): readonly Finding[][] {
  const tree = new ProcessTree();
  const engine = new Engine([signature], tree, 1);
  const findings = sequence.map((sample, i) => {
    const event = complete(sample);
    tree.apply(event);
    return [...engine.judge(event, i + 1)];
  });
  assert.deepEqual(engine.problems, []);
  return findings;
}

for (const signature of signatures) {
  const { id, name, examples } = signature;
  for (const [i, sequence] of examples.fires.entries()) {
    test(`${id} ${name} fires on its example ${i}, and on its last event only`, () => {
      const findings = judged(signature, sequence);

      assert.deepEqual(
        findings.map(({ length }) => length),
        [...sequence.slice(1).map(() => 0), 1],
      );
      const message = findings.at(-1)?.[0]?.message ?? "";
      assert.match(message, /^\S.*\.$/);
    });
  }
  for (const [i, sequence] of examples.silent.entries()) {
    test(`${id} ${name} stays silent on its example ${i}`, () => {
      assert.deepEqual(judged(signature, sequence).flat(), []);
    });
  }
}
