/** One life of a thread group, from fork to exit, across its execs; as far as events told. */
export interface Process {
  /** Names it in every event. */
  readonly process_key: number;
  /** 0 when the parent is not of the job, or is not known. */
  readonly parent_key: number;
  /** The child of the runner's Worker in whose tree it is, itself perhaps; 0 outside of steps. */
  readonly step_key: number;
  /** 0 until an event told it, which is only so when the fork was not seen. */
  readonly pid: number;
  /** Unix microseconds; of the earliest event when the fork was not seen. */
  readonly started_us: number;
  /** Unix microseconds; undefined while it runs. */
  readonly ended_us: number | undefined;
  /** The program of the last exec; before its first exec the parent's. Empty when not known. */
  readonly path: string;
  /** Arguments of the last exec, redacted; before its first exec the parent's. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Execs so far of this process itself. */
  readonly execs: number;
}

/** Who did it, when that is not of the job: a cgroup move may be made from outside. */
export const unknownProcess = (process_key: number, started_us: number): Process => ({
  ...{ process_key, parent_key: 0, step_key: 0, pid: 0, started_us, ended_us: undefined },
  ...{ path: "", args: [], cwd: "", execs: 0 },
});
