import type { JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { DescriptorKind } from "../events/words.ts";
import type { Process } from "../jobs/process.ts";
import { isStandard, type StandardDescriptor } from "./stdio_sockets.ts";

/*
 * Through what processes talk to each other on their standard descriptors. Only what differs from
 * the parent is remembered: a build of a thousand processes with the same output is one entry.
 */

const canRelay = new Set<DescriptorKind>(["pipe", "unix_socket", "terminal"]);
// Longer chains of shells that start shells have some redirection in between.
const inheritedFrom = 16;

/** The inode of the pipe, unix socket or terminal on a standard descriptor; 0 for what else is there. */
export function stdioOf(job: JobContext, process: Process, descriptor: StandardDescriptor): number {
  let holder: Process | undefined = process;
  for (let back = 0; holder && back < inheritedFrom; back++) {
    const inode = job.memory.get(`${descriptor} ${holder.process_key}`);
    if (inode !== undefined) return inode;
    holder = job.processOf(holder.parent_key);
  }
  return 0;
}

function note(job: JobContext, at: StandardDescriptor, kind: DescriptorKind, inode: number): void {
  const value = canRelay.has(kind) ? inode : 0;
  const { process, memory } = job;
  if (stdioOf(job, process, at) === value) return;
  memory.set(`${at} ${process.process_key}`, value);
  // A terminal is read and written by everyone who has it; only pipes have ends.
  if (kind === "pipe")
    memory.set(`${at === 0 ? "reader" : "writer"} ${inode}`, process.process_key);
}

/** Takes in what a program was started with. */
export function noteExec(event: EventNamed<"process_exec">, job: JobContext): void {
  note(job, 0, event.stdin_kind, event.stdin_inode);
  note(job, 1, event.stdout_kind, event.stdout_inode);
  note(job, 2, event.stderr_kind, event.stderr_inode);
}

/** Takes in a redirection. */
export function noteDuplicate(event: EventNamed<"descriptor_duplicate">, job: JobContext): void {
  if (isStandard(event.descriptor)) note(job, event.descriptor, event.kind, event.inode);
}

/** Who last got this pipe as its input; undefined when nobody did. */
export const readerOf = (job: JobContext, inode: number): Process | undefined =>
  job.processOf(job.memory.get(`reader ${inode}`) ?? 0);

/** Who last got this pipe as its output; undefined when nobody did. */
export const writerOf = (job: JobContext, inode: number): Process | undefined =>
  job.processOf(job.memory.get(`writer ${inode}`) ?? 0);

/** The nearest ancestor that has another standard input: it must have made the process's own. */
export function makerOfInput(job: JobContext, process: Process): Process | undefined {
  const inode = stdioOf(job, process, 0);
  let maker = job.processOf(process.parent_key);
  for (let back = 0; maker && back < inheritedFrom; back++) {
    if (stdioOf(job, maker, 0) !== inode) return maker;
    maker = job.processOf(maker.parent_key);
  }
  return undefined;
}
