import type { Process } from "../jobs/process.ts";

/**
 * The runner's own Worker, whose job this is: the job's first process. It is a .NET program, so it
 * compiles as it runs. What impersonates it within a job has a parent there.
 */
export const isJobsWorker = ({ path, parent_key, step_key }: Process): boolean =>
  parent_key === 0 && step_key === 0 && /\/bin(\.[\d.]+)?\/Runner\.Worker$/.test(path);
