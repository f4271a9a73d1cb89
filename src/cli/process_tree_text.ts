import { constants } from "node:os";
import { programText } from "../report/process_text.ts";
import type { Job } from "../store/jobs.ts";
import type { StoredProcess } from "../store/processes.ts";
import type { Terminal } from "./context.ts";
import { type Paint, painter } from "./style.ts";
import { counted } from "./text.ts";
import { duration } from "./time.ts";
import type { TreeLine } from "./tree.ts";
import { cut, displayWidth } from "./width.ts";

/** Arguments keep at least this much of a line, however deep the process is. */
const leastProgram = 24;

/** @param processes a job's, in the order in which they were seen */
export function treeOf(processes: readonly StoredProcess[]): {
  readonly roots: readonly StoredProcess[];
  readonly childrenOf: (one: StoredProcess) => readonly StoredProcess[];
} {
  const known = new Set(processes.map(({ id }) => id));
  const isRoot = ({ parent }: StoredProcess) => parent === null || !known.has(parent);
  const children = Map.groupBy(processes, ({ parent }) => parent);
  return { roots: processes.filter(isRoot), childrenOf: ({ id }) => children.get(id) ?? [] };
}

/** One process on one line, inert; the arguments are cut where the terminal ends. */
export function processLine(
  { prefix, node, level, hidden }: TreeLine<StoredProcess>,
  job: Job,
  { colour, columns }: Pick<Terminal, "colour" | "columns">,
): string {
  const paint = painter(colour);
  const pid = ` [${node.pid}]`;
  const end = endText(node, job);
  const took = node.ended_us === undefined ? "" : `  ${duration(node.ended_us - node.started_us)}`;
  const more = hidden === 0 ? "" : `  +${counted(hidden, "child", "children")}`;
  const after = pid.length + 2 + end.length + took.length + more.length;
  const room = columns && Math.max(leastProgram, columns - displayWidth(prefix) - after);
  const isCopy = node.execs === 0 && level > 1;
  const program = cut((isCopy ? "(fork) " : "") + programText(node), room);
  return (
    paint("dim", prefix) +
    (isCopy ? paint("dim", program) : program) +
    paint("dim", `${pid}  `) +
    paintEnd(node, end, paint) +
    paint("dim", took + more)
  );
}

function endText({ exit_code, exit_signal, ended_us }: StoredProcess, { state }: Job): string {
  if (exit_signal) return signalNames.get(exit_signal) ?? `signal ${exit_signal}`;
  if (exit_code !== null) return `exit ${exit_code}`;
  if (ended_us !== undefined) return "ended";
  return state === "running" ? "running" : "end not seen";
}

function paintEnd({ exit_code, exit_signal }: StoredProcess, end: string, paint: Paint): string {
  if (exit_signal || exit_code) return paint("yellow", end);
  return paint("dim", end);
}

const signalNames: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals).map(([name, at]) => [at, name]),
);
