/** Every code that a JobwardenError carries, with what its reader can do about it. */
export const errorCodes = {
  BPF_OPEN: "The BPF object or the addon cannot be read; run `npm run setup` again.",
  BPF_LOAD: "The kernel refuses what tracing cannot do without; `jobwarden doctor` says what.",
  BPF_PIN: "Programs cannot be kept in the kernel; mount a BPF file system on /sys/fs/bpf.",
  BPF_DRAIN: "Records could not be taken out of the kernel's ring; restart, and report it.",
  EVENT_UNKNOWN: "The kernel sent an event that this version does not define; run set-up again.",
  EVENT_SIZE: "A record does not fit its schema: the BPF object is from another version.",
  CGROUP_MISSING: "No cgroup2 hierarchy is mounted; mount one, for example on /sys/fs/cgroup.",
  CGROUP_DENIED: "The job's control group cannot be made; run as root, on a writable cgroup2.",
  LAUNCH_FAILED: "The command could not be started; look at the limits of processes and memory.",
  NEED_ROOT: "Tracing loads BPF programs, which needs root; run the command with sudo.",
  NEED_KERNEL: "Tracing needs Linux 5.15 or newer; use a newer kernel.",
  NEED_BTF: "The kernel carries no BTF; use one built with CONFIG_DEBUG_INFO_BTF (5.15 or newer).",
  CONFIG_INVALID: "The configuration was not understood; agent/CONFIG.md lists what is allowed.",
  STATE_UNWRITABLE: "The state directory cannot be written; choose another with --state.",
  STORE_MISSING: "There is no database yet; `jobwarden run` makes one.",
  STORE_UNREADABLE:
    "The database cannot be read with these rights; read it as its owner or a copy.",
  STORE_NEWER: "The database is from a newer jobwarden and was left as it is; upgrade to read it.",
  STORE_CORRUPT: "The database is damaged; copy it for analysis, then move it away.",
  STORE_BUSY: "Another process holds the database for too long; stop it, or wait.",
  STORE_SQL: "SQLite does not accept the statement; it is read-only and holds one statement.",
  AGENT_RUNNING: "Another agent runs on this host; stop it, or leave it to its work.",
  HOOK_SOCKET: "The hook socket cannot be used as it is; look at its directory and its owner.",
  USAGE: "The command line was not understood; `--help` lists what is.",
  NOT_FOUND: "What was asked for is not in the database; `jobwarden jobs` lists the jobs.",
  COMMAND_NOT_FOUND: "The command to trace does not exist (exit code 127).",
  COMMAND_NOT_EXECUTABLE: "The command to trace cannot be executed (exit code 126).",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** What this project throws on purpose. Code branches on `code`; people read `message`. */
export class JobwardenError extends Error {
  override readonly name = "JobwardenError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
