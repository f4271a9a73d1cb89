import { printable } from "../base/escape_terminal.ts";
import type { Finding } from "../engine/finding.ts";
import { completenessText } from "../report/loss_text.ts";
import { countSeverities, countsText } from "../report/severity_text.ts";
import type { Terminal, TraceResult } from "./context.ts";
import { painter } from "./style.ts";
import { commandText, counted } from "./text.ts";
import { duration } from "./time.ts";

export interface Traced {
  readonly name: string;
  readonly result: TraceResult;
  readonly findings: readonly Finding[];
  /** The --state that was given; undefined for the default. */
  readonly state: string | undefined;
}

/** Lines that say how a traced job went. All inert. */
export function summaryLines(
  { name, result, findings, state }: Traced,
  { colour }: Pick<Terminal, "colour">,
): string[] {
  const paint = painter(colour);
  const counts = countSeverities(findings);
  const style = findings.length === 0 ? "green" : "red";
  const rows: (readonly [string, string])[] = [
    ["record", completenessText(result.losses)],
    ["saw", sawText(result)],
    ...(result.exit_code === 0 ? [] : [["command", endText(result)] as const]),
    ...result.unseen.map((what) => ["not seen", printable(what)] as const),
    ...result.troubles.map((what) => ["trouble", printable(what)] as const),
    ...survivorRows(result.survivors),
    ["look at", lookText(result.job, state)],
  ];
  return [
    `jobwarden: job ${result.job} (${printable(name)}): ${paint(style, countsText(counts))}`,
    ...rows.map(([title, text]) => `  ${paint("dim", title.padEnd(8))}  ${text}`),
  ];
}

/** How a command ended: `exit code 3`, `ended by SIGKILL`. */
export function endText(end: {
  readonly exit_code: number | null;
  readonly signal: string | null;
}): string {
  if (end.signal !== null) return `ended by ${printable(end.signal)}`;
  return end.exit_code === null ? "its end was not seen" : `exit code ${end.exit_code}`;
}

function sawText({ processes, events, started_us, ended_us }: TraceResult): string {
  const what = `${counted(processes, "process", "processes")}, ${counted(events, "event")}`;
  return `${what} in ${duration(ended_us - started_us)}`;
}

function survivorRows(survivors: number): (readonly [string, string])[] {
  if (survivors === 0) return [];
  const who = counted(survivors, "process", "processes");
  return [["left", `${who} outlived the command; no longer followed`]];
}

const lookText = (job: number, state: string | undefined): string =>
  `jobwarden show ${job}${state === undefined ? "" : ` --state ${commandText([state])}`}`;
