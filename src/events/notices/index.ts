import type { EventOf } from "../schema.ts";
import { containerCgroup } from "./container_cgroup.ts";
import { containerEnd } from "./container_end.ts";
import { containerExec } from "./container_exec.ts";
import { jobStart } from "./job_start.ts";
import { processFound } from "./process_found.ts";
import { runnerProgram } from "./runner_program.ts";
import { stepEnvironment } from "./step_environment.ts";

/**
 * What the kernel side tells the agent itself: records like those of events, which are not stored,
 * because they are of no job yet or hold what must not be kept. Their ids are never reused.
 *
 * The order is that of attachment: a job begins before the exec that began it is recorded.
 */
export const notices = [
  jobStart,
  runnerProgram,
  stepEnvironment,
  containerCgroup,
  containerExec,
  containerEnd,
  processFound,
] as const;

export type Notice = EventOf<(typeof notices)[number]>;
export type NoticeNamed<N extends Notice["event"]> = Extract<Notice, { event: N }>;
