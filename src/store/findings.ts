import type { Database, Statement } from "better-sqlite3";
import type { Finding } from "../engine/finding.ts";
import { type Severity, severities } from "../engine/severity.ts";
import type { Repeat } from "../engine/watch.ts";

/** A row of `finding`. */
export interface StoredFinding {
  readonly id: number;
  /** As the first event of the highest severity made it. */
  readonly finding: Finding;
  /** Events that are folded into it, by their key; 1 or more. */
  readonly count: number;
  /** Unix microseconds. */
  readonly first_us: number;
  readonly last_us: number;
  /** The line of the workflow that did it; null where that is not known. */
  readonly place: { readonly file: string; readonly line: number } | null;
  /** The action of its step; null where it uses none, or that is not known. */
  readonly action: string | null;
}

/** The `finding` table, written. */
export class FindingInsert {
  readonly #add: Statement<(string | number | null)[]>;
  readonly #worsen: Statement<(string | number)[]>;
  readonly #count: Statement<[number, number, number, string, string]>;

  constructor(db: Database) {
    this.#add = db.prepare(`
      INSERT INTO finding (job, signature, key, severity, count, first_us, last_us, event, event_id,
                           title, message, why, step, formerly, behaviours, evidence, process,
                           ancestry)
      VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (job, signature, key) DO UPDATE
         SET count = count + 1,
             last_us = max(last_us, excluded.last_us),
             severity = max(severity, excluded.severity)
    `);
    this.#worsen = db.prepare(`
      UPDATE finding
         SET (event, event_id, message, behaviours, evidence, process, ancestry) =
             (?, ?, ?, ?, ?, ?, ?)
       WHERE job = ? AND signature = ? AND key = ? AND severity < ?
    `);
    this.#count = db.prepare(`
      UPDATE finding SET count = count + ?, last_us = max(last_us, ?)
       WHERE job = ? AND signature = ? AND key = ?
    `);
  }

  /**
   * Adds it, or counts it on the row that has the same job, signature and key. That row then says
   * what the worse of the two says.
   */
  add(finding: Finding): void {
    const { job, signature, key, severity, time_us, event, event_id } = finding;
    const { title, message, why, step, formerly, behaviours, evidence } = finding;
    const rank = severities.indexOf(severity);
    const facts = [behaviours, evidence, finding.process, finding.ancestry].map(toJson);
    this.#worsen.run(event, event_id, message, ...facts, job, signature, key, rank);
    this.#add.run(
      ...[job, signature, key, rank, time_us, time_us, event, event_id],
      ...[title, message, why, step, toJson(formerly), ...facts],
    );
  }

  /** Counts matches that made no finding of their own. */
  count(job: number, { signature, key, repeats, last_us }: Repeat): void {
    this.#count.run(repeats, last_us, job, signature, key);
  }
}

const toJson = (value: unknown): string => JSON.stringify(value);

interface Row {
  readonly id: number;
  readonly job: number;
  readonly signature: string;
  readonly key: string;
  readonly severity: number;
  readonly count: number;
  readonly first_us: number;
  readonly last_us: number;
  readonly event: string;
  readonly event_id: number;
  readonly title: string;
  readonly message: string;
  readonly why: string;
  readonly step: string | null;
  readonly formerly: string;
  readonly behaviours: string;
  readonly evidence: string;
  readonly process: string;
  readonly ancestry: string;
}

/** The `finding` table, read. */
export class Findings {
  readonly #ofJob: Statement<[number, number], Row>;
  readonly #all: Statement<[number], Row>;

  constructor(db: Database) {
    const columns = `id, job, signature, key, severity, count, first_us, last_us, event, event_id,
                     title, message, why, step, formerly, behaviours, evidence, process, ancestry`;
    this.#ofJob = db.prepare(`
      SELECT ${columns}
        FROM finding
       WHERE job = ? AND severity >= ?
       ORDER BY severity DESC, first_us, id
    `);
    this.#all = db.prepare(`
      SELECT ${columns}
        FROM finding
       WHERE severity >= ?
       ORDER BY job DESC, severity DESC, first_us, id
    `);
  }

  /** The worst first, then by time; empty when the job is unknown. */
  ofJob(job: number, atLeast: Severity = "info"): StoredFinding[] {
    return this.#ofJob.all(job, severities.indexOf(atLeast)).map(toFinding);
  }

  /** Of all jobs, the newest job first. */
  all(atLeast: Severity = "info"): StoredFinding[] {
    return this.#all.all(severities.indexOf(atLeast)).map(toFinding);
  }
}

// What is parsed here was written by FindingInsert, so it has the type that went in.
function toFinding(row: Row): StoredFinding {
  const { id, count, first_us, last_us, ...rest } = row;
  const finding: Finding = {
    ...rest,
    time_us: first_us,
    severity: severities[row.severity]!,
    formerly: JSON.parse(row.formerly),
    behaviours: JSON.parse(row.behaviours),
    evidence: JSON.parse(row.evidence),
    process: JSON.parse(row.process),
    ancestry: JSON.parse(row.ancestry),
  };
  return { id, finding, count, first_us, last_us, place: null, action: null };
}
