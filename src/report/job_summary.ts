import { counted } from "../base/text.ts";
import { ancestryLines } from "./ancestry_text.ts";
import { cutUnits, markdownBlock, markdownCode, markdownText } from "./escape.ts";
import { byUrgency, type JobReport, type ReportedFinding } from "./job_report.ts";
import { foundText, policyText, recordText, sawText } from "./report_text.ts";

/**
 * Largest summary, in bytes of UTF-8, unless the caller says otherwise. GitHub takes 1 MiB of one
 * step; the agent's answer to the hook has to hold it in JSON, beside the text for the log.
 */
export const defaultSummaryBytes = 256 * 1024;

// Longest texts of a cell, in UTF-16 units.
const longestSentence = 400;
const longestName = 120;

/**
 * The Markdown of a job's summary: the verdict, the findings, how whole the record is. Whole rows are
 * left out where it gets too long, the least severe ones, and it then says so.
 * @param most_bytes at least 32,768: what stands around the rows is never cut
 */
export function jobSummary(report: JobReport, most_bytes = defaultSummaryBytes): string {
  const findings = byUrgency(report.findings);
  const frame = [...headLines(report), ...recordLines(report), ...lookLines(report)];
  const room = most_bytes - bytes(frame) - reservedBytes;
  const rows = fitting(findings, row, room * rowShare);
  const blocks = fitting(findings.slice(0, rows.length), details, room - bytes(rows));
  const left_out = findings.length - rows.length;
  return [
    ...headLines(report),
    ...(rows.length === 0 ? [] : [...tableHead, ...rows, ""]),
    ...(left_out === 0 ? [] : [leftOutText(left_out, report.job), ""]),
    ...blocks,
    ...recordLines(report),
    ...lookLines(report),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** For the head of the table, and the line about what was left out. */
const reservedBytes = 512;
/** What is left goes to the processes of the most severe findings. */
const rowShare = 0.75;

const tableHead = ["| Severity | What | Step | Action | Line |", "|---|---|---|---|---|"];

const headLines = (report: JobReport): readonly string[] => [
  `## jobwarden: ${markdownText(foundText(report))}`,
  "",
  `**${markdownText(policyText(report))}**`,
  "",
  ...identityLines(report),
];

function identityLines({ repository, workflow, job_name }: JobReport): readonly string[] {
  const parts = [
    ["Job", job_name],
    ["workflow", workflow],
    ["repository", repository],
  ] as const;
  const known = parts.flatMap(([what, name]) => (name ? [`${what} ${code(name)}`] : []));
  return known.length === 0 ? [] : [`${known.join(", ")}.`, ""];
}

function row({ severity, title, message, count, step_text, step, action, place }: ReportedFinding) {
  const times = count > 1 ? ` (${markdownText(counted(count, "time"))})` : "";
  const cells = [
    severity,
    `<b>${name(title)}</b>${times}<br>${code(message, longestSentence)}`,
    orNothing(step_text ?? step),
    orNothing(action),
    orNothing(place && `${place.file}:${place.line}`),
  ];
  return `| ${cells.join(" | ")} |`;
}

const orNothing = (text: string | null): string => (text ? code(text) : "–");

const name = (text: string): string => markdownText(cutUnits(text, longestName));

const code = (text: string, most = longestName): string => markdownCode(cutUnits(text, most));

const details = (finding: ReportedFinding): string =>
  [
    `<details><summary>${name(`${finding.signature}: ${finding.title}`)}</summary>`,
    "",
    markdownBlock([...ancestryLines(finding), "", cutUnits(finding.why, longestSentence)]),
    "",
    "</details>",
    "",
  ].join("\n");

function recordLines(report: JobReport): readonly string[] {
  const { unseen, survivors } = report;
  const left = counted(survivors, "process", "processes");
  return [
    `- Record: ${code(recordText(report), longestSentence)}`,
    `- Saw: ${markdownText(sawText(report))}`,
    ...(unseen.length === 0
      ? []
      : [`- Not shown by this kernel: ${code(unseen.join(", "), longestSentence)}`]),
    ...(survivors === 0 ? [] : [`- Still ran at the end of the job: ${markdownText(left)}`]),
  ];
}

const lookLines = ({ job }: JobReport): readonly string[] => [
  "",
  `On the runner's host, \`jobwarden show ${job}\` shows all that was seen of this job.`,
];

const leftOutText = (left_out: number, job: number): string =>
  `${counted(left_out, "more finding")} left out here; \`jobwarden show ${job}\` lists all.`;

/** The first of these that fit, none of them cut; those behind are not even written. */
function fitting(
  findings: readonly ReportedFinding[],
  write: (finding: ReportedFinding) => string,
  most_bytes: number,
): readonly string[] {
  const written: string[] = [];
  let left = most_bytes;
  for (const finding of findings) {
    const text = write(finding);
    left -= bytes([text]);
    if (left < 0) break;
    written.push(text);
  }
  return written;
}

/** In UTF-8, each line with its end. */
const bytes = (lines: readonly string[]): number =>
  new TextEncoder().encode(lines.join("\n")).length + 1;
