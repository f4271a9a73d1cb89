import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { type ListenerPlace, listenerAt } from "../src/jobs/runner_files.ts";

/** A running Listener. */
export interface Listener extends ListenerPlace {
  readonly pid: number;
  /** Its directory below /proc. */
  readonly process: string;
  /** Real user. */
  readonly uid: number;
  /** Whether its paths are ours. */
  readonly is_here: boolean;
}

/** The running Listeners by pid, but for those of jobs. */
export function runningListeners(
  proc: string,
  isTraced: (pid: number) => boolean,
): readonly Listener[] {
  const pids = readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids
    .sort((a, b) => a - b)
    .flatMap((pid) => {
      const process = join(proc, String(pid));
      const place = listenerAt(linkText(join(process, "exe")));
      if (!place || isTraced(pid)) return [];
      const uid = realUser(process);
      if (uid === undefined) return [];
      const is_here = linkText(join(process, "ns/mnt")) === linkText("/proc/self/ns/mnt");
      return [{ ...place, pid, process, uid, is_here }];
    });
}

/** Empty for threads of the kernel, and for a process that is gone. */
function linkText(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function realUser(process: string): number | undefined {
  try {
    const uid = /^Uid:\s*(\d+)/m.exec(readFileSync(join(process, "status"), "utf8"))?.[1];
    return uid === undefined ? undefined : Number(uid);
  } catch {
    return undefined; // it is gone
  }
}
