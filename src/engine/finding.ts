import type { Behaviour } from "./behaviours.ts";
import type { Severity } from "./severity.ts";

/** One process of the ancestry of a finding, as it was when the finding was made. */
export interface FindingProcess {
  readonly process_key: number;
  readonly pid: number;
  /** The executed file; empty while the process runs a copy of its parent without an exec. */
  readonly path: string;
  /** Redacted. */
  readonly args: readonly string[];
}

/** What is reported: in the database, `--json`, and later the check-run and SARIF. */
export interface Finding {
  readonly signature: string;
  readonly formerly: readonly string[];
  readonly title: string;
  readonly severity: Severity;
  readonly behaviours: readonly Behaviour[];
  readonly job: number;
  /** The event that matched; it names a row in the table of its kind. */
  readonly event_id: number;
  readonly event: string;
  /** Unix microseconds of the first event that matched. */
  readonly time_us: number;
  readonly message: string;
  readonly evidence: Readonly<Record<string, string | number>>;
  /** The process that did it. */
  readonly process: FindingProcess;
  /** Its ancestors in the job, the parent first. */
  readonly ancestry: readonly FindingProcess[];
  /** The workflow step; null where the job has none, as in `jobwarden run`. */
  readonly step: string | null;
  readonly key: string;
  readonly why: string;
}
