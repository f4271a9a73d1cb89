import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { programOf } from "./programs.ts";

type Access = EventNamed<"process_access">;

/**
 * What a process that was reached into is to the one that did it. `runner`: a Worker or Listener that
 * it did not start itself. `foreign`: of no job, or of another one. `own`: it started it.
 */
export type Standing = "runner" | "foreign" | "parent" | "sibling" | "own";

/**
 * The kernel tells who is related to whom. Programs named as the runner's are taken for it also when
 * the agent does not know that runner: nothing else is called so, and attackers look for the name.
 */
export function standingOf(event: Access): Standing {
  if (event.relation === "descendant") return "own";
  if (runnerProgram(event) !== undefined) return "runner";
  if (event.relation === "ancestor") return "parent";
  return event.relation === "job" ? "sibling" : "foreign";
}

const runnerNames: ReadonlySet<string> = new Set(["Runner.Worker", "Runner.Listener"]);

function runnerProgram({ target_path, target_comm, target_role }: Access): string | undefined {
  const name = baseName(target_path);
  if (target_role !== "none" || runnerNames.has(name)) return name;
  return runnerNames.has(target_comm) ? target_comm : undefined;
}

/** How a sentence names the process that was reached into. */
function targetText(event: Access): string {
  const { target_pid, target_path, target_comm, relation, registered } = event;
  const runner = runnerProgram(event);
  if (runner !== undefined) {
    const whose = registered === "yes" ? "this host's own runner" : "a runner";
    return `${runner} of ${whose} (pid ${target_pid})`;
  }
  const who = `${baseName(target_path) || target_comm} (pid ${target_pid})`;
  if (relation === "outside") return `${who}, which is of no job`;
  if (relation === "other_job") return `${who}, which is of another job`;
  return relation === "descendant" ? `${who}, which it started` : `${who} of this job`;
}

/** @param deed such as `attached to`; what was refused was only tried */
export function accessText(event: Access, { path, pid }: Process, deed: string): string {
  const actor = `${baseName(path) || "A process"} (pid ${pid})`;
  if (event.error === 0) return `${actor} ${deed} ${targetText(event)}.`;
  return `${actor} tried to reach into ${targetText(event)}, which was not permitted.`;
}

/** The facts behind each finding about another process. */
export function accessEvidence(event: Access): Readonly<Record<string, string | number>> {
  const { way, target_pid, target_path, target_uid, relation, error } = event;
  return {
    ...{ way, target_pid, target: target_path, target_uid, relation },
    ...(error !== 0 && { error }),
  };
}

/** Names one process for the life of the host. */
export const targetKey = ({ target_pid, target_started_us }: Access): string =>
  `${target_pid} ${target_started_us}`;

/**
 * Programs whose work is to look into other processes. A name is a hint that anybody can take, so it
 * counts only between processes of one job.
 */
const debuggers: ReadonlySet<string> = new Set(
  (
    "gdb gdbserver gdb-multiarch strace ltrace lldb lldb-server lldb-dap debugserver rr dlv delve " +
    "py-spy rbspy phpspy perf valgrind vgdb criu eu-stack pstack reptyr bpftrace uftrace catchsegv " +
    "jhsdb jstack jmap jcmd createdump wineserver crashpad_handler chrome_crashpad_handler minidump " +
    "proot fakeroot-ng runsc sydbox heaptrack memray samply drgn pwndbg libtree"
  ).split(" "),
);

export function isDebugger({ path, args }: Process): boolean {
  const { name } = programOf(path, args);
  // Versions follow the name: lldb-server-16, gdb-12.
  return debuggers.has(name) || debuggers.has(name.replace(/-[\d.]+$/, ""));
}

/** Processes of one program share memory and descriptors: ranks of MPI, workers of a framework. */
export const isSameProgram = (event: Access, { path }: Process): boolean =>
  path !== "" && event.target_path === path;
