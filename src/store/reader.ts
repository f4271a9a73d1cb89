import type { Database } from "better-sqlite3";
import type { Severity } from "../engine/severity.ts";
import type { CrossJobEdge, Edge } from "../jobs/edge.ts";
import type { Residue } from "../jobs/residue.ts";
import { Agents, type StoredAgent } from "./agents.ts";
import { Claims, type StoredClaim } from "./claims.ts";
import { CrossJobEdges } from "./cross_job_edges.ts";
import { StoredEdges } from "./edges.ts";
import { type EventCount, EventCounts } from "./event_counts.ts";
import { type EventFilter, EventsOfJob, type StoredEvent } from "./events_of_job.ts";
import { Findings, type StoredFinding } from "./findings.ts";
import { type Job, Jobs } from "./jobs.ts";
import { Losses, type StoredLoss } from "./losses.ts";
import { Processes, type StoredProcess } from "./processes.ts";
import { Residues } from "./residues.ts";
import { Runners, type StoredRunner } from "./runners.ts";
import { stepText } from "./step_text.ts";
import { Steps, type StoredChild, type StoredStep } from "./steps.ts";
import { TextValues } from "./text.ts";

export interface FindingFilter {
  /** Default: of all jobs. */
  readonly job?: number;
  /** The least severity. Default: info. */
  readonly severity?: Severity;
}

/** Everything that is read of the database, other than by a person's own SQL (sql.ts). */
export class Reader {
  readonly #jobs: Jobs;
  readonly #processes: Processes;
  readonly #events: EventsOfJob;
  readonly #findings: Findings;
  readonly #losses: Losses;
  readonly #counts: EventCounts;
  readonly #runners: Runners;
  readonly #agents: Agents;
  readonly #steps: Steps;
  readonly #claims: Claims;
  readonly #edges: StoredEdges;
  readonly #uses: CrossJobEdges;
  readonly #residues: Residues;

  /** @param db from `openForReading`; one that a Writer uses does as well */
  constructor(db: Database) {
    const texts = new TextValues(db);
    this.#jobs = new Jobs(db);
    this.#processes = new Processes(db, texts);
    this.#events = new EventsOfJob(db, texts);
    this.#findings = new Findings(db);
    this.#losses = new Losses(db);
    this.#counts = new EventCounts(db);
    this.#runners = new Runners(db);
    this.#agents = new Agents(db);
    this.#steps = new Steps(db);
    this.#claims = new Claims(db);
    this.#edges = new StoredEdges(db);
    this.#uses = new CrossJobEdges(db);
    this.#residues = new Residues(db);
  }

  /** The newest first. @param limit default: all */
  jobs(limit?: number): Job[] {
    return this.#jobs.newest(limit);
  }

  /** Those that no writer has ended, the oldest first; the writer of one may be dead. */
  runningJobs(): Job[] {
    return this.#jobs.running();
  }

  /**
   * The job that a person means.
   * @param which its id; `last` for the newest; or a name, and then the newest of that name
   * @throws JobwardenError NOT_FOUND
   */
  job(which: string | number): Job {
    return this.#jobs.find(which);
  }

  /** In the order in which they were first seen, so that a parent stands before its children. */
  processes(job: Job): StoredProcess[] {
    return this.#processes.ofJob(job.id);
  }

  /** In the order in which they were processed; memory is the same for any number of events. */
  events(job: Job, filter?: EventFilter): Generator<StoredEvent> {
    return this.#events.read(job, filter);
  }

  /** Of each job the worst first, then by time; the newest job first. */
  findings({ job, severity }: FindingFilter = {}): StoredFinding[] {
    const found =
      job === undefined ? this.#findings.all(severity) : this.#findings.ofJob(job, severity);
    return found.map((one) => this.#placed(one));
  }

  /** With the step, which may have become known after the finding was made. */
  #placed(one: StoredFinding): StoredFinding {
    const { job, process } = one.finding;
    const step = this.#steps.ofProcess(job, process.process_key);
    if (!step) return one;
    const { file, line, uses } = step;
    const place = file !== null && line !== null ? { file, line } : null;
    return { ...one, finding: { ...one.finding, step: stepText(step) }, place, action: uses };
  }

  /** The most first; empty when nothing is known to be missing. */
  losses(job: Job): StoredLoss[] {
    return this.#losses.ofJob(job.id);
  }

  /** Events of each kind that the job has, the most frequent first. */
  eventCounts(job: Job): EventCount[] {
    return this.#counts.ofJob(job.id);
  }

  /** The agent of the host, as it said last; undefined when there never was one. */
  agent(): StoredAgent | undefined {
    return this.#agents.last();
  }

  /** The runners of the host, the first seen first, removed ones included. */
  runners(): StoredRunner[] {
    return this.#runners.all();
  }

  /** The steps of a runner's job, in the order of their first processes. */
  steps(job: Job): StoredStep[] {
    return this.#steps.ofJob(job.id);
  }

  /** The children of a runner's Worker, by process key. */
  stepProcesses(job: Job): ReadonlyMap<number, StoredChild> {
    return this.#steps.children(job.id);
  }

  /** What is said about who a job is: by field, the most trusted source first. */
  claims(job: Job): StoredClaim[] {
    return this.#claims.ofJob(job.id);
  }

  /** Work that others were asked to do for the job, in the order in which it was first seen. */
  edges(job: Job): Edge[] {
    return this.#edges.ofJob(job.id);
  }

  /** Files of earlier jobs that it used, and files of it that later ones did. */
  uses(job: Job): CrossJobEdge[] {
    return this.#uses.ofJob(job.id);
  }

  /** What outlived it. */
  residue(job: Job): Residue[] {
    return this.#residues.ofJob(job.id);
  }
}
