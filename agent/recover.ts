import type { Database } from "better-sqlite3";
import type { Log } from "../src/base/log.ts";
import type { StepEnvironment } from "../src/jobs/step_variables.ts";
import type { Job } from "../src/store/jobs.ts";
import { Reader } from "../src/store/reader.ts";
import type { Writer } from "../src/store/writer.ts";
import { findJobCgroup } from "./cgroup.ts";
import { endInterrupted, isTraced } from "./interrupted.ts";
import { groupName } from "./job_group.ts";
import type { PinnedKernel } from "./pinned_kernel.ts";
import type { RunnerJob } from "./runner_job.ts";
import type { RunnerJobs } from "./runner_jobs.ts";

export interface Recovery {
  readonly db: Database;
  readonly store: Writer;
  readonly kernel: PinnedKernel;
  readonly jobs: RunnerJobs;
  readonly cgroup_root: string;
  readonly log: Log;
  /** Makes a job of an earlier agent again, without what it did. */
  readonly remake: (job: Job) => RunnerJob;
}

/**
 * Goes on where an earlier agent stopped, however it did: its running jobs are judged again from
 * what it stored, and the rings are read from there.
 */
export function recover(recovery: Recovery): void {
  const { db, store, kernel, log } = recovery;
  const reader = new Reader(db);
  // Jobs that another loading of the programs saw have lost their tags with it.
  endInterrupted(db, store, (job) =>
    job.tracer === "" ? isTraced(job) : job.tracer === kernel.tracer_id,
  );
  store.apply(({ state }) => state.forgetOthers(kernel.tracer_id));
  if (kernel.is_new) return;
  store.apply(({ state }) => state.loseUnsettled(kernel.tracer_id));
  for (const job of reader.runningJobs()) {
    if (job.tracer !== kernel.tracer_id) continue;
    const began_ms = performance.now();
    const again = resume(recovery, reader, job);
    const took_ms = performance.now() - began_ms;
    log.info({ job: job.id, events: again.record.events, took_ms }, "A job goes on.");
  }
  seek(recovery);
}

function resume({ store, jobs, cgroup_root, remake }: Recovery, reader: Reader, job: Job) {
  const again = remake(job);
  jobs.add(again);
  again.group = findJobCgroup(cgroup_root, groupName(job.tracer, job.tracer_job));
  const children = reader.stepProcesses(job);
  for (const { event, process } of reader.events(job)) {
    again.record.replay(event, process);
    if (event.event !== "process_exec") continue;
    const child = children.get(event.process_key);
    if (child) again.restoreChild(event.process_key, child.environment as StepEnvironment);
  }
  // Of what was found running no event tells the start.
  for (const process of reader.processes(job)) {
    if (process.ended_us === undefined) again.record.tree.found(process);
  }
  again.record.replayed();
  store.apply((tables) => tables.jobs.adopt(job.id));
  return again;
}

/** What was stored is not stored again; what was given back to the kernel unstored is missing. */
function seek({ store, kernel, jobs, log }: Recovery): void {
  for (const ring of ["jw_rare", "jw_bulk"]) {
    const stored = store.apply(({ state }) => state.position(kernel.tracer_id, ring));
    const given_back = kernel.tracer.position(ring);
    if (stored === undefined || stored === given_back) continue;
    if (kernel.tracer.seek(ring, stored)) continue;
    log.error({ ring, stored, given_back }, "Events of the time before this start are missing.");
    for (const { record } of jobs.all) store.addLoss(record.job, "unknown", 1);
  }
}
