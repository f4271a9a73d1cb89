import type { JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { isDecoding, toolOf } from "./tools.ts";

/** What stands at the other end of a pipe, in bits. */
export const upstream = { fetched: 1, decoded: 2, unpacked: 4 } as const;

/** A pipeline longer than this is followed no further. */
const stages = 6;

/** Notes which pipes a new program has for its input and output. */
export function notePipes(
  event: EventNamed<"process_exec">,
  { memory, process }: JobContext,
): void {
  const { stdin_kind, stdin_inode, stdout_kind, stdout_inode, process_key } = event;
  if (stdin_kind === "pipe") {
    memory.set(`in ${process_key}`, stdin_inode);
    memory.set(`read ${stdin_inode}`, process_key);
  } else memory.set(`in ${process_key}`, 0);
  // A shell's `<&3`: what it reads, and then writes, is what a peer sent.
  if (stdin_kind === "inet_socket" || stdin_kind === "inet6_socket") {
    memory.set(`net ${process_key}`, 1);
  }
  if (stdout_kind !== "pipe") return;
  // Several programs of a subshell may write to one pipe, one after the other.
  const before = memory.get(`out ${stdout_inode}`) ?? 0;
  memory.set(`out ${stdout_inode}`, before | kindOf(process));
  memory.set(`from ${stdout_inode}`, process_key);
}

function kindOf(process: Process): number {
  if (isDecoding(process)) return upstream.decoded;
  const tool = toolOf(process);
  if (tool === "fetch") return upstream.fetched;
  return tool === "archive" ? upstream.unpacked : 0;
}

/** Notes that a process talks to a peer: what it writes may be what it got from there. */
export function noteConnect(event: EventNamed<"socket_connect">, { memory }: JobContext): void {
  const { family, type, peer, process_key, error } = event;
  if (family !== "inet" && family !== "inet6") return;
  if (type !== "stream" || peer === "" || (error !== 0 && error !== in_progress)) return;
  memory.set(`net ${process_key}`, 1);
}
const in_progress = 115;

/** Whether the process itself has connected to a peer. */
export const isConnected = ({ memory }: JobContext, process_key: number): boolean =>
  memory.get(`net ${process_key}`) !== undefined;

/** What stands before the standard input of a process, however far up its pipeline. */
export function upstreamOf(job: JobContext, process_key: number): number {
  let bits = 0;
  let pipe = job.memory.get(`in ${process_key}`) ?? 0;
  for (let stage = 0; pipe !== 0 && stage < stages; stage++) {
    bits |= job.memory.get(`out ${pipe}`) ?? 0;
    const writer = job.memory.get(`from ${pipe}`);
    if (writer === undefined || writer === process_key) break;
    if (isConnected(job, writer)) bits |= upstream.fetched;
    pipe = job.memory.get(`in ${writer}`) ?? 0;
  }
  return bits;
}

/** The pipe on standard input; 0 when it is none. */
export const inputPipeOf = ({ memory }: JobContext, process_key: number): number =>
  memory.get(`in ${process_key}`) ?? 0;
