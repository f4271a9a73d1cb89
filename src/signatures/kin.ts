import type { JobContext } from "../engine/signature.ts";
import type { Process } from "../jobs/process.ts";

/** A process and its nearest ancestors, itself first; within its step. */
export function kin(process: Process, job: JobContext, ancestors: number): readonly Process[] {
  const found = [process];
  let next: Process | undefined = process;
  while (found.length <= ancestors && next.process_key !== next.step_key) {
    next = job.processOf(next.parent_key);
    if (!next || found.includes(next)) break;
    found.push(next);
  }
  return found;
}
