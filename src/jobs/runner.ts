/** How a runner was found: a unit of systemd, a directory in our configuration, its Listener. */
export const runnerSources = ["unit", "configured", "listener"] as const;
export type RunnerSource = (typeof runnerSources)[number];

/** One installed `actions/runner` directory. */
export interface FoundRunner {
  /**
   * Its directory without symbolic links. Of a runner in another mount namespace, a container's for
   * example: the path through its Listener, `/proc/PID/root/…`, which another Listener changes.
   */
  readonly root: string;
  /** Inode of the directory as the kernel has it, which is how events name it. */
  readonly root_inode: bigint;
  /** Its device as the kernel has it: major << 20 | minor. */
  readonly root_device: number;
  /**
   * This and the next four are what `.runner` says. A job of the runner can write that file, so
   * they are hints; null where it says nothing.
   */
  readonly name: string | null;
  /** GitHub's number of the runner. */
  readonly id: number | null;
  /** Repository, organization or enterprise that it is registered with. */
  readonly url: string | null;
  /** Absolute; `_work` below the root unless `.runner` says otherwise. */
  readonly work_folder: string;
  /** Whether it takes one job and is gone. */
  readonly ephemeral: boolean;
  /** Name of its unit; null when it runs by other means. */
  readonly unit: string | null;
  /** Name of the user that it runs as; null when it has none on this host. */
  readonly user: string | null;
  /** As its unit says, else as its Listener runs, else the owner of the directory. */
  readonly uid: number;
  /** Null before its first update, when no name tells it. */
  readonly version: string | null;
  /** Its running Listeners, the lowest first. */
  readonly listener_pids: readonly number[];
  /** Empty when it was found by an earlier scan only, and is still there. */
  readonly sources: readonly RunnerSource[];
}

/** What could not be used, and why: a configured directory without a runner, a broken file. */
export interface RunnerProblem {
  readonly path: string;
  readonly message: string;
}
