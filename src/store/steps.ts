import type { Database, Statement } from "better-sqlite3";

/** A step as it is stored; src/jobs/step.ts tells what the fields are. Times are Unix microseconds. */
export interface StepRow {
  readonly number: number;
  readonly phase: string;
  readonly position: number | null;
  /** Null when what is nested in the step is not known. */
  readonly nested: readonly number[] | null;
  readonly action: string;
  readonly kind: string;
  readonly uses: string | null;
  readonly commit_sha: string | null;
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly certainty: string;
  readonly started_us: number;
  /** Null while a process of it runs. */
  readonly ended_us: number | null;
}

export interface StoredStep extends StepRow {
  readonly id: number;
  readonly job: number;
}

const columns = `number, phase, position, nested, action, kind, uses, commit_sha, name, file, line,
                 certainty, started_us, ended_us`;

/** The `step` and `step_process` tables, written. */
export class StepInsert {
  readonly #set: Statement<(string | number | null)[], number>;
  readonly #bind: Statement<[number, number, string, number | null]>;

  constructor(db: Database) {
    this.#set = db
      .prepare<(string | number | null)[], number>(`
        INSERT INTO step (job, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (job, number) DO UPDATE
           SET phase = excluded.phase, position = excluded.position, nested = excluded.nested,
               action = excluded.action, kind = excluded.kind, uses = excluded.uses,
               commit_sha = excluded.commit_sha, name = excluded.name, file = excluded.file,
               line = excluded.line, certainty = excluded.certainty,
               started_us = excluded.started_us, ended_us = excluded.ended_us
        RETURNING id
      `)
      .pluck();
    this.#bind = db.prepare(`
      INSERT INTO step_process (job, process_key, environment, step) VALUES (?, ?, ?, ?)
          ON CONFLICT (job, process_key) DO UPDATE SET step = excluded.step
    `);
  }

  /** Adds the step, or brings its row up to date. @returns the row's id */
  set(job: number, step: StepRow): number {
    const id = this.#set.get(
      ...[job, step.number, step.phase, step.position, JSON.stringify(step.nested), step.action],
      ...[step.kind, step.uses, step.commit_sha, step.name, step.file, step.line, step.certainty],
      ...[step.started_us, step.ended_us],
    );
    return id!; // an insert that does not throw returns its row
  }

  /**
   * A child of the Worker, and all below it, are of that step.
   * @param environment the variables that tell
   * @param step its row; null when it is of none
   */
  bind(
    job: number,
    process_key: number,
    environment: Readonly<Record<string, string>>,
    step: number | null,
  ): void {
    this.#bind.run(job, process_key, JSON.stringify(environment), step);
  }
}

type Row = Omit<StoredStep, "nested"> & { readonly nested: string };

/** The `step` and `step_process` tables, read. */
export class Steps {
  readonly #ofJob: Statement<[number], Row>;
  readonly #ofProcess: Statement<[number, number], Row>;
  readonly #children: Statement<[number], ChildRow>;

  constructor(db: Database) {
    this.#ofJob = db.prepare(`SELECT id, job, ${columns} FROM step WHERE job = ? ORDER BY number`);
    const ofStep = columns.replaceAll(/(\w+)/g, "s.$1");
    this.#ofProcess = db.prepare(`
      SELECT s.id, s.job, ${ofStep}
        FROM process AS p
        JOIN step_process AS c ON c.job = p.job AND c.process_key = p.step_key
        JOIN step AS s ON s.id = c.step
       WHERE p.job = ? AND p.process_key = ?
    `);
    this.#children = db.prepare(`
      SELECT process_key, environment, step FROM step_process WHERE job = ? ORDER BY process_key
    `);
  }

  /** In the order of their first processes. */
  ofJob(job: number): StoredStep[] {
    return this.#ofJob.all(job).map(toStep);
  }

  /** The step in whose tree a process is; undefined when it is in none, or that is not known. */
  ofProcess(job: number, process_key: number): StoredStep | undefined {
    const row = this.#ofProcess.get(job, process_key);
    return row && toStep(row);
  }

  /** The Worker's children that told what they are, by process key. */
  children(job: number): ReadonlyMap<number, StoredChild> {
    const rows = this.#children.all(job);
    const known = rows.map(({ process_key, environment, step }) => {
      return [process_key, { environment: JSON.parse(environment), step }] as const;
    });
    return new Map(known);
  }
}

const toStep = (row: Row): StoredStep => ({ ...row, nested: JSON.parse(row.nested) });

interface ChildRow {
  readonly process_key: number;
  readonly environment: string;
  readonly step: number | null;
}

/** A child of the Worker. */
export interface StoredChild {
  /** The variables that tell what it is. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its step's row; null when it is of none. */
  readonly step: number | null;
}
