import type { JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";

const typeBits = 0o170000;
const fifo = 0o010000;

/** Notes who opened an end of a pipe that has a name; false for every other file. */
export function noteFifo(event: EventNamed<"file_open">, { memory }: JobContext): boolean {
  if ((event.mode & typeBits) !== fifo) return false;
  const { access, inode, process_key } = event;
  if (access === "read" || access === "read_write") memory.set(`opens 0 ${inode}`, process_key);
  if (access === "write" || access === "read_write") {
    memory.set(`opens 1 ${inode}`, process_key);
    memory.set(`fifo of ${process_key}`, inode);
  }
  return true;
}

/** Who last opened the fifo to read (0) or to write (1). */
export const openerOf = (job: JobContext, end: 0 | 1, inode: number): Process | undefined =>
  job.processOf(job.memory.get(`opens ${end} ${inode}`) ?? 0);

/** The fifo that a process last opened to write; 0 when there is none. */
export const fifoOf = ({ memory }: JobContext, { process_key }: Process): number =>
  memory.get(`fifo of ${process_key}`) ?? 0;
