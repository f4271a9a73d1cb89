import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { isAtLeast } from "../../src/engine/severity.ts";
import { merged, trace } from "../attacks/traced_job.ts";
import type { BenignJob } from "../attacks/variant.ts";

/** `<what>.ts` exports `jobs`. */
const folder = new URL("./", import.meta.url);
const files = readdirSync(folder)
  .filter((name) => /^[a-z_]+\.ts$/.test(name))
  .sort();
assert.ok(files.length > 0, "there is no honest job to try");

for (const file of files) {
  const { jobs } = (await import(new URL(file, folder).href)) as { jobs: BenignJob[] };
  for (const job of jobs) test(`${file}: ${job.name}`, () => isQuiet(job));
}

async function isQuiet(job: BenignJob): Promise<void> {
  const traced = await trace(job);

  job.worked(traced);
  assert.deepEqual(traced.troubles, []);
  assert.deepEqual(traced.replayed, merged(traced.findings));
  const accepted = new Set(Object.keys(job.accepted ?? {}));
  const loud = traced.findings
    .filter((f) => isAtLeast(f.severity, "medium") || !accepted.has(f.signature))
    .filter((f) => f.severity !== "info")
    .map((f) => [f.signature, f.severity, f.process.path, f.message, f.evidence]);
  assert.deepEqual(loud, []);
}
