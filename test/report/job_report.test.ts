import assert from "node:assert/strict";
import { test } from "node:test";
import { byUrgency, defaultFailOn, type FailOn, verdict } from "../../src/report/job_report.ts";
import { policyText } from "../../src/report/report_text.ts";
import { finding, report } from "./sample.ts";

const findings = [
  finding({ severity: "medium", time_us: 5, event_id: 1 }),
  finding({ severity: "high", time_us: 9, event_id: 2 }),
  finding({ severity: "medium", time_us: 4, event_id: 4 }),
  finding({ severity: "medium", time_us: 4, event_id: 3 }),
];

const policies: readonly (readonly [FailOn, number, number, string])[] = [
  ["info", 1, 4, "This job fails: 4 findings are info or above."],
  ["medium", 1, 4, "This job fails: 4 findings are medium or above."],
  ["high", 1, 1, "This job fails: 1 finding is high or above."],
  ["critical", 0, 0, "This job passes: no finding is critical."],
  ["never", 0, 0, "Findings do not fail this job."],
];

for (const [fail_on, exit, failing, text] of policies) {
  test(`with ${fail_on} as the least severity that fails a job, ${failing} findings do`, () => {
    const judged = report({ findings, fail_on });

    assert.deepEqual(verdict(judged), { exit, failing, worst: "high" });
    assert.equal(policyText(judged), text);
  });
}

test("a job without findings passes, however incomplete its record is", () => {
  const judged = report({ losses: [{ kind: "file_open", lost: 1 }], fail_on: "info" });

  assert.deepEqual(verdict(judged), { exit: 0, failing: 0, worst: null });
  assert.equal(defaultFailOn, "high");
});

test("findings are ordered by severity, then by time, then by event", () => {
  assert.deepEqual(
    byUrgency(findings).map(({ event_id }) => event_id),
    [2, 3, 4, 1],
  );
});
