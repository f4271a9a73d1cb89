import { counted } from "../base/text.ts";
import type { Severity } from "../engine/severity.ts";
import { ancestryLines } from "./ancestry_text.ts";
import { cutUnits, logLine } from "./escape.ts";
import { byUrgency, type JobReport, type ReportedFinding } from "./job_report.ts";
import { foundText, isComplete, policyText, recordText, sawText, stepOf } from "./report_text.ts";
import { type AnnotationKind, annotation } from "./workflow_command.ts";

/** What is known of a job's tracing when the job starts. */
export interface TracedFrom {
  readonly job: number;
  /** Events that this kernel cannot show at all, with the kernel's reason. */
  readonly unseen: readonly string[];
  /** Why the agent is degraded, as sentences without a full stop; empty when it is not. */
  readonly troubles: readonly string[];
}

/** What the runner keeps of each kind in one step. */
const mostOfKind = 10;
/** Findings whose processes are listed; the command on the host has them all. */
const mostListed = 40;
// In UTF-16 units, so that the whole text of a job can be sent to its hook.
const longestTitle = 255;
const longestSentence = 1_000;
const longestLine = 4_000;

/** What the started hook prints: that the job is traced, and how fully. */
export function startedText({ job, unseen, troubles }: TracedFrom): string {
  const gaps = unseen.length === 0 ? "" : ` This kernel does not show ${unseen.join(", ")}.`;
  const whole = unseen.length + troubles.length === 0 ? " Coverage is complete." : gaps;
  const lines = [line(`this job is traced as job ${job}.${whole}`)];
  if (troubles.length > 0) lines.push(warning(`The tracing is degraded: ${troubles.join("; ")}.`));
  return text(lines);
}

/** What a hook prints when nobody can say that its job is traced. Never calm. */
export const notTracedText = (why: string): string =>
  text([warning(`This job is not traced: ${why}.`)]);

/** What a caller is told that is not the runner's hook. */
export const refusedText = (why: string): string =>
  text([warning(`The call of the hook was refused: ${why}.`)]);

/** What the completed hook prints: the findings as annotations, who did it, and the verdict. */
export function completedText(report: JobReport): string {
  const findings = byUrgency(report.findings);
  const annotated = annotatedOf(findings, isComplete(report) ? 0 : 1);
  const left_out = findings.filter((one) => kindOf[one.severity] && !annotated.includes(one));
  return text([
    line(foundText(report)),
    ...annotated.map(findingAnnotation),
    ...leftOutLines(left_out.length, report.job),
    ...processLines(findings),
    ...recordLines(report),
    line(policyText(report)),
  ]);
}

const kindOf: Readonly<Record<Severity, AnnotationKind | undefined>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "notice",
  info: undefined,
};

/** The first of each kind, as many as the runner keeps; some warnings are spoken for. */
function annotatedOf(
  findings: readonly ReportedFinding[],
  own_warnings: number,
): readonly ReportedFinding[] {
  const room: Record<AnnotationKind, number> = {
    error: mostOfKind,
    warning: mostOfKind - own_warnings,
    notice: mostOfKind,
  };
  return findings.filter(({ severity }) => {
    const kind = kindOf[severity];
    return kind !== undefined && room[kind]-- > 0;
  });
}

function findingAnnotation(finding: ReportedFinding): string {
  const { severity, signature, title, place, message, why, count } = finding;
  const step = stepOf(finding);
  return annotation(
    kindOf[severity] ?? "notice",
    { title: `jobwarden ${signature}: ${title}`, ...(place ?? {}) },
    cutUnits(message, longestSentence) + (count > 1 ? ` (${counted(count, "time")})` : ""),
    ...(step === undefined ? [] : [`Step: ${cutUnits(step, longestSentence)}`]),
    cutUnits(why, longestSentence),
  );
}

function leftOutLines(left_out: number, job: number): readonly string[] {
  if (left_out === 0) return [];
  const are = left_out === 1 ? "has" : "have";
  const who = counted(left_out, "more finding");
  return [line(`${who} ${are} no annotation; on this host, jobwarden show ${job} lists all.`)];
}

function processLines(findings: readonly ReportedFinding[]): readonly string[] {
  if (findings.length === 0) return [];
  const more = findings.length - mostListed;
  return [
    "::group::jobwarden: the processes behind the findings",
    ...findings.slice(0, mostListed).flatMap(listed),
    ...(more > 0 ? [logLine(`${counted(more, "more finding")} not listed here`)] : []),
    "::endgroup::",
  ];
}

const listed = (finding: ReportedFinding): readonly string[] =>
  [
    `${finding.severity}  ${cutUnits(`${finding.signature}  ${finding.title}`, longestTitle)}`,
    `  ${cutUnits(finding.message, longestSentence)}`,
    ...ancestryLines(finding).map((one) => `    ${one}`),
  ].map(logLine);

function recordLines(report: JobReport): readonly string[] {
  const { job, unseen, survivors } = report;
  const what = `job ${job}: ${recordText(report)}; saw ${sawText(report)}.`;
  const left = counted(survivors, "process", "processes");
  return [
    isComplete(report) ? line(what) : warning(`The record is not whole: ${what}`),
    ...(unseen.length === 0 ? [] : [line(`this kernel does not show ${unseen.join(", ")}.`)]),
    ...(survivors === 0 ? [] : [line(`${left} of this job still ran at its end.`)]),
  ];
}

const line = (what: string): string => logLine(cutUnits(`jobwarden: ${what}`, longestLine));

const warning = (what: string): string => annotation("warning", { title: "jobwarden" }, what);

const text = (lines: readonly string[]): string => lines.map((one) => `${one}\n`).join("");
