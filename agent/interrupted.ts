import { readFileSync } from "node:fs";
import type { Database } from "better-sqlite3";
import type { Job } from "../src/store/jobs.ts";
import { Reader } from "../src/store/reader.ts";
import type { Writer } from "../src/store/writer.ts";
import { bootId, hostName } from "./machine.ts";

/**
 * Says of each job whose tracer died that it was interrupted: it can say so itself no more.
 * @param isFollowed whether somebody follows it, or will
 */
export function endInterrupted(
  db: Database,
  writer: Writer,
  isFollowed: (job: Job) => boolean = isTraced,
): void {
  const reader = new Reader(db);
  for (const job of reader.runningJobs()) {
    if (isFollowed(job)) continue;
    const times = reader
      .processes(job)
      .flatMap(({ started_us, ended_us = 0 }) => [started_us, ended_us]);
    writer.endJob(job.id, {
      state: "interrupted",
      // The last that is known of it: nobody saw its end.
      ended_us: times.reduce((last, time) => Math.max(last, time), job.started_us),
      exit_code: null,
      signal: null,
      complete: false,
      survivors: 0,
    });
  }
}

/** Of a runner's job the programs in the kernel go on; the agent says what became of it. */
export function isTraced({ tracer, host, boot_id, agent_pid }: Job): boolean {
  if (tracer !== "") return true;
  if (host !== hostName()) return true; // another machine's, on a shared disk: not for us to say
  return boot_id === bootId() && agent_pid !== process.pid && isAgent(agent_pid);
}

/** Whether a process of this start of the machine is a jobwarden. */
export const isRunning = (pid: number, boot: string): boolean => boot === bootId() && isAgent(pid);

function isAgent(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("agent/main.ts");
  } catch {
    return false; // it is gone
  }
}
