/** The two job hooks of a runner. */
export const hookNames = ["started", "completed"] as const;
export type HookName = (typeof hookNames)[number];

/** One exec of a process, as the kernel recorded it. */
export interface PeerExec {
  /** The executed file, as the kernel resolved it; for a script the interpreter. */
  readonly path: string;
  readonly args: readonly string[];
}

/** What the kernel recorded of the process that asks. */
export interface PeerRecord {
  readonly process_key: number;
  readonly parent_key: number;
  /** Whether its fork was recorded, and the Worker itself was what forked. */
  readonly is_forked_by_worker: boolean;
  readonly has_ended: boolean;
  /**
   * All execs since its fork, the first one first. All, because a step can make itself into our
   * script: it is then a direct child of the Worker whose last exec is the right one.
   */
  readonly execs: readonly PeerExec[];
}

/** What a hook call is judged by: who asks for what, and what is known to be true. */
export interface HookCall {
  readonly pid: number;
  /** The hook that it claims to be. */
  readonly asked: HookName;
  /** Undefined when the kernel recorded no process of that pid that is alive. */
  readonly record: PeerRecord | undefined;
  /** The Worker's `process_key`; undefined when no Worker of this job is known. */
  readonly worker_key: number | undefined;
  /** Paths of our scripts as the runner is configured with them, letter for letter. */
  readonly scripts: Readonly<Record<HookName, string>>;
  /** Resolved path of the program that our scripts become. */
  readonly program: string;
  /**
   * Whether root owns the executed shell and all that leads to it by the name it was called, and
   * nobody else may write there. A job may put its own shell first on the path of later steps.
   */
  readonly is_shell_root_owned: boolean;
}

/** Why a call is refused, for code; `text` says it to people. */
export type HookRefusal =
  | "not_recorded"
  | "ended"
  | "no_worker"
  | "not_a_child"
  | "not_forked_by_worker"
  | "other_script"
  | "other_hook"
  | "replaced_itself"
  | "other_program";

export type HookJudgement =
  | { readonly accepted: true; readonly notes: readonly "shell_not_root_owned"[] }
  | { readonly accepted: false; readonly reason: HookRefusal; readonly text: string };

/**
 * Whether a call comes from the runner's own hook: the direct child of the Worker that the runner
 * started as `<shell> -e <our script>`, and that has become our program and nothing else.
 */
export function judgeHookCall(call: HookCall): HookJudgement {
  const reason = refusalOf(call);
  if (reason) return { accepted: false, reason, text: `process ${call.pid} ${refusals[reason]}` };
  return { accepted: true, notes: call.is_shell_root_owned ? [] : ["shell_not_root_owned"] };
}

const refusals: Readonly<Record<HookRefusal, string>> = {
  not_recorded: "is not of a traced job",
  ended: "has ended",
  no_worker: "belongs to a job without a known Worker",
  not_a_child: "is not a direct child of the Worker",
  not_forked_by_worker: "was not forked by the Worker",
  other_script: "was not started as the runner's hook",
  other_hook: "was started as the other hook",
  replaced_itself: "was not only the hook's script and program",
  other_program: "runs another program than the hook's",
};

function refusalOf({ record, worker_key, ...call }: HookCall): HookRefusal | undefined {
  if (!record) return "not_recorded";
  if (record.has_ended) return "ended";
  if (!worker_key) return "no_worker";
  if (record.parent_key !== worker_key) return "not_a_child";
  // A descendant can have the Worker as its parent: clone with CLONE_PARENT makes a sibling.
  if (!record.is_forked_by_worker) return "not_forked_by_worker";
  const [script, program, ...more] = record.execs;
  const started_as = hookNames.find((name) => runsScript(script, call.scripts[name]));
  if (!started_as) return "other_script";
  if (started_as !== call.asked) return "other_hook";
  if (more.length > 0) return "replaced_itself";
  return program?.path === call.program ? undefined : "other_program";
}

/** Letter for letter: another spelling of the same path is not what the runner was configured with. */
const runsScript = (exec: PeerExec | undefined, script: string): boolean =>
  exec !== undefined && exec.args.length === 3 && exec.args[1] === "-e" && exec.args[2] === script;
