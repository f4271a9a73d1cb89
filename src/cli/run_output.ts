import { JobwardenError } from "../base/errors.ts";
import { printable } from "../base/escape_terminal.ts";
import type { Finding } from "../engine/finding.ts";
import { completenessText } from "../report/loss_text.ts";
import { countSeverities, countsText } from "../report/severity_text.ts";
import type { Context, Sink } from "./context.ts";
import { findingLines } from "./finding_text.ts";
import { jsonLine } from "./json.ts";
import { printLines } from "./print.ts";
import { summaryLines, type Traced } from "./run_summary.ts";
import { wrongUsage } from "./usage.ts";

/** Where `run` says what it finds: for people on stderr, for programs where --json points. */
export interface RunOutput {
  finding(finding: Finding): void;
  end(traced: Traced, exit: number): void;
  /** Says the error in the JSON too, and closes it. */
  failed(error: unknown): void;
  /** @returns whether all JSON was written; stderr says why not */
  close(): boolean;
}

/**
 * @param json undefined: no JSON. "": on stderr instead of the text. Else a path or `fd:N`.
 * @throws JobwardenError USAGE when that cannot be opened
 */
export function runOutput(json: string | undefined, quiet: boolean, context: Context): RunOutput {
  const { err } = context;
  const isJsonOnly = json === "";
  const sink = json ? guarded(opened(json, context)) : undefined;
  const record = (value: unknown): void => {
    if (isJsonOnly) err.write(`${jsonLine(value)}\n`);
    sink?.write(value);
  };
  return {
    finding(finding) {
      record({ type: "finding", ...finding });
      if (!isJsonOnly) printLines(err, [...findingLines(finding, err), ""]);
    },
    end(traced, exit) {
      record(jobRecord(traced, exit));
      if (!isJsonOnly) printLines(err, quiet ? warningLines(traced) : summaryLines(traced, err));
    },
    failed(error) {
      if (error instanceof JobwardenError) {
        record({ type: "error", code: error.code, message: error.message });
      }
      sink?.close();
    },
    close() {
      const problem = sink?.close();
      if (problem === undefined) return true;
      err.write(`jobwarden: not all of --json=${printable(json ?? "")} was written: ${problem}.\n`);
      return false;
    },
  };
}

/** The last line of --json. */
function jobRecord({ name, result, findings }: Traced, exit: number) {
  const counts = countSeverities(findings);
  return {
    type: "job",
    name,
    ...result,
    verdict: countsText(counts),
    findings_by_severity: counts,
    complete: result.losses.length === 0,
    jobwarden_exit_code: exit,
  };
}

/** What --quiet does not silence: a record with a hole is never shown as a whole one. */
function warningLines({ result }: Traced): string[] {
  if (result.losses.length === 0) return [];
  return [`jobwarden: job ${result.job}: ${completenessText(result.losses)}`];
}

function opened(target: string, { openSink }: Context): Sink {
  const descriptor = /^fd:(.*)$/s.exec(target)?.[1];
  if (descriptor !== undefined && !/^\d{1,9}$/.test(descriptor)) {
    throw wrongUsage(`--json=${target} names no descriptor; write --json=fd:3`, "run");
  }
  if (descriptor !== undefined && Number(descriptor) < 2) {
    const why = "that is the command's own input or output";
    throw wrongUsage(`--json=${target} is refused: ${why}; use another descriptor`, "run");
  }
  try {
    return openSink(target);
  } catch (error) {
    if (error instanceof JobwardenError) throw error;
    throw wrongUsage(`--json=${target} cannot be opened: ${systemText(error)}`, "run");
  }
}

/** A sink that fails does not stop the tracing: the failure is kept, and told at the end. */
function guarded(sink: Sink) {
  let problem: string | undefined;
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      problem ??= printable(systemText(error));
    }
  };
  return {
    write(value: unknown): void {
      if (problem === undefined) attempt(() => sink.write(`${jsonLine(value)}\n`));
    },
    /** @returns what went wrong first */
    close(): string | undefined {
      attempt(() => sink.close());
      return problem;
    },
  };
}

const systemText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
