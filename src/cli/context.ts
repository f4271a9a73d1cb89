import type { Finding } from "../engine/finding.ts";
import type { UserRules } from "../signatures/user_rules.ts";

/** What a traced command is asked to be. */
export interface TraceRequest {
  readonly command: readonly [string, ...string[]];
  readonly name: string;
  readonly state_directory: string;
  /** Of the host's own rules; absent: the usual one. */
  readonly rules_directory?: string;
}

/** Events of one kind that are known to be missing. */
export interface Loss {
  /** Name of the event; `process_tag` counts processes that could not be tagged. */
  readonly kind: string;
  readonly lost: number;
}

export interface TraceResult {
  readonly job: number;
  /** The command's own exit code; 128 + n when signal n ended it. */
  readonly exit_code: number;
  /** Name of the signal that ended the command, such as SIGKILL; null when it exited. */
  readonly signal: string | null;
  readonly started_us: number;
  readonly ended_us: number;
  readonly processes: number;
  readonly events: number;
  readonly findings: number;
  /** Empty: the record is complete. */
  readonly losses: readonly Loss[];
  /** Events that this kernel cannot show at all, with the kernel's reason. */
  readonly unseen: readonly string[];
  /** What went wrong with the tracing, as sentences without a full stop: why events were lost. */
  readonly troubles: readonly string[];
  /** Processes of the job that outlived its command and are no longer followed. */
  readonly survivors: number;
  /** Processor time that tracing itself took, all threads, in microseconds. */
  readonly agent_cpu_us: number;
  /** Largest resident set of the tracer, its rings included, in KiB. */
  readonly agent_max_rss_kib: number;
}

/** One requirement that doctor looked at. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "degraded" | "missing";
  readonly found: string;
  /** What to do about it; empty when it is ok. */
  readonly remedy: string;
}

export interface HookCoverage {
  readonly event: string;
  /** The hooks in use, such as `tp_btf/sched_process_fork`; empty: the event is not seen. */
  readonly hooks: readonly string[];
  /** What these hooks miss; empty when nothing. */
  readonly loses: readonly string[];
  /** Better hooks that the kernel refused, each with the reason. */
  readonly refused: readonly string[];
}

export interface Diagnosis {
  readonly checks: readonly Check[];
  readonly coverage: readonly HookCoverage[];
}

/** How the agent is to run. */
export interface AgentRequest {
  /** Of its configuration; a file that is not there means what is usual. */
  readonly config_path: string;
  /** Take the programs out of the kernel, and nothing else. */
  readonly unload: boolean;
}

/** What the command line needs from the agent: everything that has an effect outside the store. */
export interface Tracing {
  /**
   * Runs a command as a job; returns when it has ended and everything is stored.
   * @throws JobwardenError NEED_ROOT, NEED_BTF, CGROUP_MISSING, BPF_LOAD, COMMAND_NOT_FOUND,
   *   COMMAND_NOT_EXECUTABLE, STATE_UNWRITABLE, STORE_NEWER, STORE_CORRUPT
   */
  run(request: TraceRequest, onFinding: (finding: Finding) => void): Promise<TraceResult>;
  diagnose(): Promise<Diagnosis>;
  /**
   * Follows the jobs of this host's runners until a signal ends it.
   * @returns the exit code
   * @throws JobwardenError what makes that impossible
   */
  agent(request: AgentRequest): Promise<number>;
}

/** Where a command's words go, and what that place can show. */
export interface Terminal {
  /** Writes at once, never later: a reader that has gone is known when it returns. Never throws. */
  write(text: string): void;
  /** Whether the reader has gone (EPIPE). Output then stops quietly; what is written is dropped. */
  readonly closed: boolean;
  readonly colour: boolean;
  /** Columns; undefined when it is no terminal, and lines are then as long as they are. */
  readonly columns: number | undefined;
}

/** Lines of JSON that go elsewhere than to `out` and `err`. */
export interface Sink {
  write(line: string): void;
  close(): void;
}

export interface Context {
  readonly out: Terminal;
  readonly err: Terminal;
  /** Unix microseconds. */
  readonly now: () => number;
  /** Where the database is unless --state says otherwise. */
  readonly state_directory: string;
  readonly tracing: Tracing;
  /** Reads the host's own rules. @param directory default: the usual one */
  readonly loadRules: (directory?: string) => UserRules;
  /** Whether a jobwarden of this start of the machine runs as that process. */
  readonly isRunning: (pid: number, boot_id: string) => boolean;
  /**
   * Opens a file for `--json=PATH`, made anew, or an inherited descriptor for `--json=fd:N`.
   * It and the sink throw what the system says, such as ENOENT, EBADF, ENOSPC.
   */
  readonly openSink: (target: string) => Sink;
  /** Of the package, such as 0.1.0. */
  readonly version: string;
  /** Whether an error that is a bug shows its stack; JOBWARDEN_DEBUG asks for it. */
  readonly debug: boolean;
}
