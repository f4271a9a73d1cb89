import { readdirSync, readFileSync } from "node:fs";

/**
 * When a process started, in clock ticks since boot (field 22 of its stat); with the pid it names
 * one process for the life of the boot. Undefined when there is no such process.
 */
export function startTimeOf(pid: number): number | undefined {
  const fields = statOf(pid);
  // Counted behind the name, where field 3 comes first.
  return fields && Number(fields[22 - 3]);
}

/** The parent of a process; undefined when there is no such process. */
export function parentOf(pid: number): number | undefined {
  const fields = statOf(pid);
  return fields && Number(fields[4 - 3]);
}

/** True while this process lives and is not a zombie; with a start time, no later one of its pid. */
export function isRunning(pid: number, startTime = startTimeOf(pid)): boolean {
  const fields = statOf(pid);
  return fields !== undefined && Number(fields[22 - 3]) === startTime && fields[0] !== "Z";
}

/** All processes, by pid. */
export const allPids = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** The name that the kernel shows; empty when there is no such process. */
export const commOf = (pid: number): string => textOf(`/proc/${pid}/comm`).trimEnd();

/** `KEY=value` of the environment that a process was started with; none when it may not be read. */
export const environOf = (pid: number): string[] => textOf(`/proc/${pid}/environ`).split("\0");

/** Everything behind the name, which may hold spaces and parentheses itself. */
function statOf(pid: number): string[] | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat === "" ? undefined : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // a process may end at any time, and another user's may not be read
  }
}
