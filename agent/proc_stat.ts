import { readFileSync } from "node:fs";

export interface ProcessStat {
  /** A letter: Z and X are of the dead. */
  readonly state: string;
  readonly parent_pid: number;
  /** Microseconds after boot at which it was forked, rounded down to a tick. */
  readonly start_us: number;
}

/** What /proc says of a process now; undefined when there is none of that id. */
export function statOf(proc: string, pid: number): ProcessStat | undefined {
  try {
    const line = readFileSync(`${proc}/${pid}/stat`, "latin1");
    // The name, which the process chooses, may hold blanks and brackets: proc(5).
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    const [state = "", parent = ""] = fields;
    return {
      state,
      parent_pid: Number(parent),
      start_us: Number(fields[startField]) * tickUs,
    };
  } catch {
    return undefined;
  }
}

/** Field 22, counted from the state, which is field 3. */
const startField = 19;
/** USER_HZ is 100 on x86-64 and arm64. */
const tickUs = 10_000;
