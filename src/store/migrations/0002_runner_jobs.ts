import type { Database } from "better-sqlite3";
import { containerTable } from "../containers.ts";
import { crossJobEdgeTable } from "../cross_job_edges.ts";
import { edgeTable } from "../edges.ts";
import { residueTable } from "../residues.ts";
import { runnerTable } from "../runners.ts";
import { writtenFileTable } from "../written_files.ts";

const tables = [
  ...[runnerTable, edgeTable, crossJobEdgeTable, residueTable, writtenFileTable, containerTable],
];

/** Jobs of runners: where they come from, their steps, and where the agent goes on after its own end. */
export function runnerJobs(db: Database): void {
  for (const table of tables) db.exec(table);
  db.exec(`
    -- tracer: the loaded programs that saw the job; '' before this version. tracer_job: its number
    -- there. worker_key, worker_pid: the runner's Worker; 0 for a traced command.
    -- result: as the runner says by the Worker's exit code; NULL while it runs, and for a command.
    ALTER TABLE job ADD COLUMN tracer TEXT NOT NULL DEFAULT '';
    ALTER TABLE job ADD COLUMN tracer_job INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN runner INTEGER;
    ALTER TABLE job ADD COLUMN worker_key INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN worker_pid INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN result TEXT;

    -- What a source says about a job. The best confidence is believed; that others differ is shown.
    -- confidence: 0 low, 1 high, 2 certain.
    CREATE TABLE claim (
      job        INTEGER NOT NULL REFERENCES job (id),
      field      TEXT NOT NULL,
      source     TEXT NOT NULL,
      value      TEXT NOT NULL,
      confidence INTEGER NOT NULL,
      PRIMARY KEY (job, field, source)
    ) STRICT, WITHOUT ROWID;

    -- number: from 1, in the order of their first processes. phase: set_up, hook_started, pre, main,
    -- post, hook_completed, unknown. position: in the job's steps, from 0; NULL when not known.
    -- nested: JSON, positions within composite actions. action: GITHUB_ACTION.
    -- uses, file, line: NULL when there is none, or it is not known.
    -- certainty: certain, likely, unknown.
    CREATE TABLE step (
      id         INTEGER PRIMARY KEY,
      job        INTEGER NOT NULL REFERENCES job (id),
      number     INTEGER NOT NULL,
      phase      TEXT NOT NULL,
      position   INTEGER,
      nested     TEXT NOT NULL,
      action     TEXT NOT NULL,
      kind       TEXT NOT NULL,
      uses       TEXT,
      commit_sha TEXT,
      name       TEXT NOT NULL,
      file       TEXT,
      line       INTEGER,
      certainty  TEXT NOT NULL,
      started_us INTEGER NOT NULL,
      ended_us   INTEGER,
      UNIQUE (job, number)
    ) STRICT;

    -- The Worker's children: which step each is; the processes below one have its key as step_key.
    -- environment: JSON, the variables that tell, and no other. step: NULL for one of no step.
    CREATE TABLE step_process (
      job         INTEGER NOT NULL REFERENCES job (id),
      process_key INTEGER NOT NULL,
      environment TEXT NOT NULL,
      step        INTEGER REFERENCES step (id),
      PRIMARY KEY (job, process_key)
    ) STRICT, WITHOUT ROWID;

    -- step_key: the child of the Worker in whose tree the process is; 0 outside of steps.
    ALTER TABLE process ADD COLUMN step_key INTEGER NOT NULL DEFAULT 0;

    -- How far the rings of a tracer have been stored, in bytes since they were made.
    CREATE TABLE ring_position (
      tracer   TEXT NOT NULL,
      ring     TEXT NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (tracer, ring)
    ) STRICT, WITHOUT ROWID;

    -- Repetitions that were seen and are not on their rows yet; lost when the agent is killed.
    CREATE TABLE unsettled (
      job   INTEGER NOT NULL REFERENCES job (id),
      kind  TEXT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (job, kind)
    ) STRICT, WITHOUT ROWID;

    -- What the kernel has counted as lost, as it counted last. It is in the table loss already.
    CREATE TABLE kernel_loss (
      job  INTEGER NOT NULL REFERENCES job (id),
      kind TEXT NOT NULL,
      lost INTEGER NOT NULL,
      PRIMARY KEY (job, kind)
    ) STRICT, WITHOUT ROWID;

    -- The agent, as it said last. state: protected, degraded, blind, stopped. reasons: JSON.
    CREATE TABLE agent (
      id         INTEGER PRIMARY KEY CHECK (id = 1),
      pid        INTEGER NOT NULL,
      boot_id    TEXT NOT NULL,
      version    TEXT NOT NULL,
      tracer     TEXT NOT NULL,
      started_us INTEGER NOT NULL,
      seen_us    INTEGER NOT NULL,
      state      TEXT NOT NULL,
      reasons    TEXT NOT NULL
    ) STRICT;
  `);
}
