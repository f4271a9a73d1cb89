import { printable } from "../base/escape_terminal.ts";
import { completenessText } from "../report/loss_text.ts";
import type { Job } from "../store/jobs.ts";
import type { StoredLoss } from "../store/losses.ts";
import { stepText } from "../store/step_text.ts";
import type { StepRow } from "../store/steps.ts";
import { endText } from "./run_summary.ts";
import { duration } from "./time.ts";

/**
 * How a job ended, or that it has not, and then in which steps it is. Inert.
 * @param steps those of the job
 */
export function stateText(job: Job, steps: readonly StepRow[] = []): string {
  if (job.state === "interrupted") return "interrupted";
  if (job.state !== "running") return job.result?.replaceAll("_", " ") ?? endText(job);
  const now = steps.filter(({ ended_us }) => ended_us === null).map(stepText);
  return printable(["running", ...now].join(", "));
}

/** How long it took, or has taken. */
export const tookText = ({ started_us, ended_us }: Job, now_us: number): string =>
  duration(Math.max(0, (ended_us ?? now_us) - started_us));

/** Whether the record is whole; what is not known is never called complete. Inert. */
export function recordText(job: Job, losses: readonly StoredLoss[]): string {
  if (losses.length > 0) return completenessText(losses);
  if (job.state === "running") return "not ended";
  if (job.state === "interrupted") return "incomplete: the tracing was interrupted";
  return job.complete ? "complete" : "incomplete";
}
