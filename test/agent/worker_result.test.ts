import assert from "node:assert/strict";
import { test } from "node:test";
import { workerResult } from "../../agent/worker_result.ts";

for (const [exit_code, signal, result] of [
  [100, 0, "succeeded"],
  [101, 0, "succeeded_with_issues"],
  [102, 0, "failed"],
  [103, 0, "canceled"],
  [104, 0, "skipped"],
  [105, 0, "abandoned"],
  [106, 0, "crashed"],
  [99, 0, "crashed"],
  [0, 0, "crashed"],
  [100, 9, "crashed"],
] as const) {
  test(`a Worker that ended with ${exit_code} and signal ${signal} has ${result}`, () => {
    assert.equal(workerResult(exit_code, signal), result);
  });
}
