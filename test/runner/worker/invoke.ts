import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { constants } from "node:os";
import { closedInput, openPipe } from "../pipes.ts";
import type { Texts } from "../plan.ts";
import type { Session } from "./session.ts";
import type { Origin } from "./truth.ts";

/** A process to start as a direct child of the Worker. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Over the Worker's own environment. */
  readonly env: Texts;
  readonly origin: Origin;
  readonly output: (text: string) => void;
}

const oomScore = "500";
/** How long output is waited for when the process is gone but somebody holds its pipes. */
const outputGraceMs = 5000;

/** Runs one process to its end and gives its exit code; 128 and the signal when one ended it. */
export async function invoke(session: Session, invocation: Invocation): Promise<number> {
  const { trace, truth, children } = session;
  const { file, args, cwd, origin, output } = invocation;
  const began = Date.now();
  const [input, out, err] = await Promise.all([closedInput(), openPipe(), openPipe()]);
  tell(session, invocation);

  const child = spawn(file, args, {
    cwd,
    env: environment(invocation.env),
    stdio: [input, out.write, err.write],
  });
  const { pid } = child;
  if (pid !== undefined) truth.child(pid, origin, file);
  for (const descriptor of [out.write, err.write]) closeSync(descriptor);
  const ended = exitOf(child);
  const streams = [out.read, err.read].map((descriptor) => reader(descriptor, output));
  if (pid === undefined) return await ended;

  children.add(pid);
  setOomScore(session, pid);
  trace.info(category, `Process started with process id ${pid}, waiting for process exit.`);
  const code = await ended;
  children.delete(pid);
  await streamsEnd(streams);
  trace.info(
    category,
    `Finished process ${pid} with exit code ${code}, and elapsed time ${elapsed(began)}.`,
  );
  return code;
}

const category = "ProcessInvokerWrapper";

function tell({ trace }: Session, { file, args, cwd }: Invocation): void {
  trace.info(category, "Starting process:");
  trace.info(category, `  File name: '${file}'`);
  trace.info(category, `  Arguments: '${args.join(" ")}'`);
  trace.info(category, `  Working directory: '${cwd}'`);
  trace.info(category, "  Require exit code zero: 'False'");
  trace.info(category, "  Force kill process on cancellation: 'False'");
}

/** `GITHUB_ACTIONS` is the last word, whatever a workflow sets. */
const environment = (env: Texts): NodeJS.ProcessEnv => ({
  CI: "true",
  ...process.env,
  ...env,
  GITHUB_ACTIONS: "true",
});

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

function reader(descriptor: number, output: (text: string) => void): Socket {
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  socket.setEncoding("utf8");
  socket.on("data", output);
  return socket;
}

/** All has been read, or a process that is left over keeps a pipe open for too long. */
async function streamsEnd(streams: readonly Socket[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, outputGraceMs);
  });
  const closed = streams.map(
    (stream) => stream.closed || new Promise((resolve) => stream.once("close", resolve)),
  );
  await Promise.race([Promise.all(closed), late]);
  clearTimeout(timer);
  for (const stream of streams) stream.destroy();
}

function setOomScore({ trace }: Session, pid: number): void {
  const score = process.env["PIPELINE_JOB_OOMSCOREADJ"] ?? oomScore;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, score);
    trace.info(category, `Updated oom_score_adj to ${score} for PID: ${pid}.`);
  } catch {
    // It has ended already; the runner ignores this too.
  }
}

function elapsed(began: number): string {
  return new Date(Date.now() - began).toISOString().slice(11, 23);
}

/** Interrupts, then terminates, then kills the children that run now; never what they started. */
export async function cancelChildren({ children }: Session): Promise<void> {
  const mine = [...children];
  const signal = (name: NodeJS.Signals) => {
    for (const pid of mine) if (children.has(pid)) process.kill(pid, name);
  };
  signal("SIGINT");
  await allGone(children, mine, interruptMs);
  signal("SIGTERM");
  await allGone(children, mine, terminateMs);
  signal("SIGKILL");
}

const interruptMs = 7500;
const terminateMs = 2500;
const pauseMs = 20;

async function allGone(children: ReadonlySet<number>, mine: readonly number[], ms: number) {
  const deadline = Date.now() + ms;
  while (mine.some((pid) => children.has(pid)) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
