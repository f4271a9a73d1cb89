import type { Finding } from "../engine/finding.ts";
import { isAtLeast, type Severity, severities } from "../engine/severity.ts";
import type { StoredLoss } from "../store/losses.ts";

/** A line of a file of the repository, where it is known. */
export interface Place {
  /** Relative to the root of the repository, such as `.github/workflows/ci.yml`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A finding with what only the report tells about it. */
export interface ReportedFinding extends Finding {
  /** Events that are folded into it; 1 or more. */
  readonly count: number;
  /** The workflow's line that did it; null where that is not known. */
  readonly place: Place | null;
  /** The step as its reader knows it, such as `Run make`; null where there is none. */
  readonly step_text: string | null;
  /** The action of the step, such as `actions/checkout@v4`; null where the step uses none. */
  readonly action: string | null;
}

/** Least severity of a finding that fails the job. */
export type FailOn = Severity | "never";

/** What the fail policy is unless somebody says otherwise. */
export const defaultFailOn: FailOn = "high";

/** One job, as its log, its summary and later its check-run tell it. No text in it is escaped. */
export interface JobReport {
  /** Its number in the database. */
  readonly job: number;
  /** Its name in the database. */
  readonly name: string;
  /** `owner/name`; null where it is not known, as with the two below. */
  readonly repository: string | null;
  readonly workflow: string | null;
  /** As the web page shows it, the matrix included. */
  readonly job_name: string | null;
  /** In any order. */
  readonly findings: readonly ReportedFinding[];
  /** Empty: the record is complete. */
  readonly losses: readonly StoredLoss[];
  /** Events that this kernel cannot show at all, with the kernel's reason. */
  readonly unseen: readonly string[];
  /** What went wrong with the tracing, as sentences without a full stop. */
  readonly troubles: readonly string[];
  readonly processes: number;
  readonly events: number;
  /** Processes of the job that still ran when the report was made. */
  readonly survivors: number;
  readonly fail_on: FailOn;
}

/** What the fail policy makes of a job. */
export interface Verdict {
  /** Exit code of the completed hook: 1 fails the job. */
  readonly exit: 0 | 1;
  /** Findings at or above `fail_on`. */
  readonly failing: number;
  /** The highest severity found; null when nothing was. */
  readonly worst: Severity | null;
}

/** Judges a report by its fail policy. Losses do not fail a job: they are told beside the verdict. */
export function verdict({ findings, fail_on }: JobReport): Verdict {
  const failing =
    fail_on === "never"
      ? 0
      : findings.filter(({ severity }) => isAtLeast(severity, fail_on)).length;
  const worst = severities.findLast((one) => findings.some(({ severity }) => severity === one));
  return { exit: failing > 0 ? 1 : 0, failing, worst: worst ?? null };
}

/** The most severe first, then by time, then by event. */
export const byUrgency = (findings: readonly ReportedFinding[]): readonly ReportedFinding[] =>
  findings.toSorted(
    (a, b) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
      a.time_us - b.time_us ||
      a.event_id - b.event_id,
  );
