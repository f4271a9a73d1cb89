/** Who was asked to do something for the job. */
export type EdgeKind =
  | "docker"
  | "containerd"
  | "podman"
  | "buildkit"
  | "systemd"
  | "dbus"
  | "cron"
  | "at"
  | "ssh"
  | "nsenter"
  | "cgroup";

/** Work of a job that may go on outside of its process tree. */
export interface Edge {
  readonly kind: EdgeKind;
  /** The process of the job that asked, or that was moved. */
  readonly process_key: number;
  /** Where to: a socket's path, an address, a file, a control group. Text of the job. */
  readonly target: string;
  /** Whether what was started is shown to be, or to have stayed, part of the job. */
  readonly followed: boolean;
  /** One sentence: how it is followed, or why it could not be. */
  readonly how: string;
  /** Unix microseconds of the first time. */
  readonly time_us: number;
  /** Names it within the job: one edge for each process, kind and target. */
  readonly key: string;
  /** Ids of the containers that were started over it, as far as they are known. */
  readonly containers: readonly string[];
}

/** A job used a file that an earlier job wrote. */
export interface CrossJobEdge {
  /** The one that used it. */
  readonly job: number;
  /** The one that wrote it. */
  readonly other_job: number;
  readonly path: string;
  readonly how: HeirHow;
  /** The process that used it. */
  readonly process_key: number;
  readonly time_us: number;
}

/** `loaded`: opened, and a library or module by its name; whether its code ran is not known. */
export type HeirHow = "executed" | "loaded" | "read";

/** A file that a job left, as the agent found it when that job had ended. */
export interface WrittenFile {
  readonly job: number;
  /** As events have it: major << 20 | minor. */
  readonly device: number;
  readonly inode: number;
  readonly path: string;
  /** Who changed it last. */
  readonly process_key: number;
  /** Unix microseconds of that change. */
  readonly time_us: number;
  /** The inode's change time at the end of the job, in nanoseconds: text, because it exceeds 2^53. */
  readonly ctime_ns: string;
}
