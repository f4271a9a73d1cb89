import { printable } from "../base/escape_terminal.ts";
import { counted } from "../base/text.ts";
import type { JobReport, ReportedFinding } from "./job_report.ts";
import { verdict } from "./job_report.ts";
import { completenessText } from "./loss_text.ts";
import { countSeverities, countsText } from "./severity_text.ts";

/** `nothing detected`, or `3 findings: 1 critical, 2 low`. */
export const foundText = ({ findings }: JobReport): string => countsText(countSeverities(findings));

/** What the fail policy makes of the job, as a sentence. */
export function policyText(report: JobReport): string {
  const { failing } = verdict(report);
  const { fail_on } = report;
  if (fail_on === "never") return "Findings do not fail this job.";
  const above = fail_on === "critical" ? "critical" : `${fail_on} or above`;
  if (failing === 0) return `This job passes: no finding is ${above}.`;
  return `This job fails: ${counted(failing, "finding")} ${failing === 1 ? "is" : "are"} ${above}.`;
}

/** Whether the record is known to be whole: nothing lost, and nothing went wrong. */
export const isComplete = ({ losses, troubles }: JobReport): boolean =>
  losses.length === 0 && troubles.length === 0;

/** `complete`, or `incomplete` and why, in one line. Inert but for Markdown. */
export function recordText({ losses, troubles }: JobReport): string {
  const why = troubles.map(printable).join("; ");
  if (losses.length > 0) return [completenessText(losses), ...(why ? [why] : [])].join("; ");
  return why ? `incomplete: ${why}` : "complete";
}

/** What was seen: `3 processes, 40 events`. */
export const sawText = ({ processes, events }: JobReport): string =>
  `${counted(processes, "process", "processes")}, ${counted(events, "event")}`;

/** Where a finding belongs: the step, and the action that it uses. Undefined where neither is known. */
export function stepOf({ step_text, step, action }: ReportedFinding): string | undefined {
  const name = step_text ?? step;
  if (name === null) return action ?? undefined;
  return action === null ? name : `${name} (${action})`;
}
