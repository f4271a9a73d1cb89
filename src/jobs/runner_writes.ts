import type { RunnerPart } from "./places.ts";

/**
 * Who writes, as far as the step tells. `worker` is the runner's Worker itself; `set_up` one that
 * it started outside of steps, such as the tar that unpacks actions; `action` a step with `uses:`,
 * `script` one with `run:`. All that cannot be told is `unknown`, which nothing is expected of.
 */
export type WriterRole = "worker" | "set_up" | "action" | "script" | "unknown";

/**
 * Whether the runner, or what it is made for, writes such a file in every honest job:
 *
 * - The Worker writes its log, and puts actions where it keeps them, with tar during set up.
 * - A set-up action (`actions/setup-*`) adds versions to the tool cache. It adds: a tool that was
 *   there before the job is not its to change.
 * - Nobody writes configuration, programs or updates during a job. The Listener does, for an update
 *   of the runner, only while no Worker lives; a Listener is of no job.
 *
 * @param isNew whether the job itself made the file
 */
export function isRunnersOwn(part: RunnerPart, by: WriterRole, isNew: boolean): boolean {
  switch (part) {
    case "log":
      return by === "worker";
    case "action":
      return by === "worker" || by === "set_up";
    case "tool":
      return by === "action" && isNew;
    default:
      return false;
  }
}
