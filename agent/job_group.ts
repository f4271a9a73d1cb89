import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tracer } from "../native/index.ts";
import { findJobCgroup, type JobCgroup, makeJobCgroup } from "./cgroup.ts";
import { u32 } from "./kernel.ts";

/** Tells the kernel side that what is in a control group is of a job. */
export function bindCgroup(tracer: Tracer, id: bigint, kernel_job: number): void {
  const key = Buffer.alloc(8);
  key.writeBigUInt64LE(id);
  tracer.mapSet("jw_cgroups", key, u32(kernel_job));
}

/** What the group of a runner's job is called. */
export const groupName = (tracer_id: string, kernel_job: number): string =>
  `job-${tracer_id.slice(0, 8)}-${kernel_job}`;

/**
 * The group of a job whose processes run already: they are moved into it.
 * @param pids of the job, known now; who is not there any more is left out
 * @returns undefined when no group can be made: the job's tags follow it all the same
 * @throws JobwardenError CGROUP_DENIED
 */
export function gather(
  tracer: Tracer,
  root: string,
  name: string,
  kernel_job: number,
  pids: () => readonly number[],
): JobCgroup {
  // An agent that was killed between making it and storing the job's beginning comes here again.
  const group = findJobCgroup(root, name) ?? makeJobCgroup(root, name);
  bindCgroup(tracer, group.id, kernel_job);
  const moved = new Set<number>();
  // What a process forks before it is moved stays where it was; so until nobody new is found.
  for (;;) {
    const left = pids().filter((pid) => !moved.has(pid));
    if (left.length === 0 || moved.size > mostMoved) return group;
    for (const pid of left) {
      moved.add(pid);
      move(group, pid);
    }
  }
}

/** A job that forks faster than it can be moved has its tags. */
const mostMoved = 10_000;

function move({ path }: JobCgroup, pid: number): void {
  try {
    writeFileSync(join(path, "cgroup.procs"), String(pid));
  } catch {
    // It has ended, or is a kernel thread; its tag says which job it is of.
  }
}
