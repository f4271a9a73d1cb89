import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { merged, trace } from "./traced_job.ts";
import type { Variant } from "./variant.ts";

/** `<behaviour>/<what>.ts` exports `variants`. */
const folder = new URL("./", import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => /^[a-z0-9_]+\/[a-z0-9_]+\.ts$/.test(path))
  .sort();
assert.ok(files.length > 0, "there is no attack to try");

for (const file of files) {
  const { variants } = (await import(new URL(file, folder).href)) as { variants: Variant[] };
  for (const variant of variants) test(`${file}: ${variant.name}`, () => isFound(variant));
}

async function isFound(variant: Variant): Promise<void> {
  const traced = await trace(variant);

  await proved(() => variant.happened(traced));
  assert.deepEqual(traced.troubles, []);
  assert.deepEqual(traced.replayed, merged(traced.findings));
  const { signature, severity, behaviour, program, message } = variant.found;
  const all = traced.findings.map((f) => [f.signature, f.severity, f.process.path, f.message]);
  const finding = traced.findings.find(
    (candidate) =>
      candidate.signature === signature &&
      candidate.severity === severity &&
      candidate.behaviours.includes(behaviour) &&
      candidate.process.path.endsWith(program) &&
      message.test(candidate.message),
  );
  assert.ok(finding, `not found as it must be; what was found: ${JSON.stringify(all, null, 1)}`);
}

/** A peer outside of the job may see what was sent to it a little later than the job ends. */
async function proved(happened: () => void): Promise<void> {
  for (const from_ms = performance.now(); performance.now() - from_ms < patienceMs; ) {
    try {
      return happened();
    } catch {
      // Not yet; the last try says why.
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }
  happened();
}
const patienceMs = 3000;
const lookAgainMs = 10;
