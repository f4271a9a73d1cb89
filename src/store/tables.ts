import type { Database } from "better-sqlite3";
import { Agents } from "./agents.ts";
import { ClaimInsert } from "./claims.ts";
import { ContainerInsert } from "./containers.ts";
import { CrossJobEdgeInsert } from "./cross_job_edges.ts";
import { EdgeInsert } from "./edges.ts";
import { FindingInsert } from "./findings.ts";
import { type Agent, JobInsert } from "./jobs.ts";
import { LossInsert } from "./losses.ts";
import { ResidueInsert } from "./residues.ts";
import { Runners } from "./runners.ts";
import { StepInsert } from "./steps.ts";
import type { Texts } from "./text.ts";
import { TracerState } from "./tracer_state.ts";
import { WrittenFileInsert } from "./written_files.ts";

/** The tables beside those of events and processes, for the one who writes. */
export class Tables {
  readonly jobs: JobInsert;
  readonly steps: StepInsert;
  readonly claims: ClaimInsert;
  readonly findings: FindingInsert;
  readonly losses: LossInsert;
  readonly state: TracerState;
  readonly runners: Runners;
  readonly agent: Agents;
  readonly edges: EdgeInsert;
  /** What jobs used of earlier ones. */
  readonly uses: CrossJobEdgeInsert;
  readonly residues: ResidueInsert;
  readonly written: WrittenFileInsert;
  readonly containers: ContainerInsert;

  constructor(db: Database, writer: Agent, texts: Texts) {
    this.jobs = new JobInsert(db, writer);
    this.steps = new StepInsert(db);
    this.claims = new ClaimInsert(db);
    this.findings = new FindingInsert(db);
    this.losses = new LossInsert(db);
    this.state = new TracerState(db);
    this.runners = new Runners(db);
    this.agent = new Agents(db);
    this.edges = new EdgeInsert(db);
    this.uses = new CrossJobEdgeInsert(db);
    this.residues = new ResidueInsert(db);
    this.written = new WrittenFileInsert(db, texts);
    this.containers = new ContainerInsert(db);
  }
}
