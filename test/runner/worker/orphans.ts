import { allPids, commOf, environOf } from "../processes.ts";
import type { Session } from "./session.ts";

/** `pid_name` of each process that is there. */
export const runningNow = (): Set<string> =>
  new Set(allPids().map((pid) => `${pid}_${commOf(pid)}`));

/** Kills what carries this job's tracking id and was not there before it. */
export function killOrphans({ trace, log }: Session, before: ReadonlySet<string>): void {
  const mark = `RUNNER_TRACKING_ID=${process.env["RUNNER_TRACKING_ID"]}`;
  log.line("Cleaning up orphan processes");
  for (const pid of allPids()) {
    const name = commOf(pid);
    if (before.has(`${pid}_${name}`) || !environOf(pid).includes(mark)) continue;
    log.line(`Terminate orphan process: pid (${pid}) (${name})`);
    trace.info("JobRunner", `Terminate orphan process: pid (${pid}) (${name})`);
    kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended by itself since
  }
}
