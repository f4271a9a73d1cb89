/** What a Worker's exit code says: 100 and these, in order (TaskResultUtil.cs of actions/runner). */
const results = [
  "succeeded",
  "succeeded_with_issues",
  "failed",
  "canceled",
  "skipped",
  "abandoned",
] as const;

/** `crashed`: it ended by a signal, or otherwise than the runner's own way. */
export type WorkerResult = (typeof results)[number] | "crashed";

const firstCode = 100;

/** @param signal number of the signal that ended it; 0 when it exited */
export const workerResult = (exit_code: number, signal: number): WorkerResult =>
  (signal === 0 ? results[exit_code - firstCode] : undefined) ?? "crashed";
