import type { JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { isConnected, upstream, upstreamOf } from "./pipes.ts";
import { isDecoding, type Tool, toolOf, tools } from "./tools.ts";

/** Who in this job put a file there. */
export interface Origin {
  /** What the program is that wrote it. */
  readonly tool: Tool;
  /** Its bytes came from a peer, by the writer itself, its pipeline, or the file that it copied. */
  readonly is_fetched: boolean;
  /** They were turned from text into what they are. */
  readonly is_decoded: boolean;
}

type Inode = { readonly device: number; readonly inode: number };
const place = ({ device, inode }: Inode): string => `file ${device} ${inode}`;

// The number in the memory: which tool, then two bits.
const fetched = 16;
const decoded = 32;

/** Notes who wrote a file. What a compiler or package manager makes is theirs, wherever it is from. */
export function noteWrite(event: EventNamed<"file_write">, job: JobContext): void {
  const { process, memory } = job;
  const tool = toolOf(process);
  let value = tools.indexOf(tool);
  if (tool !== "build" && tool !== "package") value |= taintOf(process, job);
  memory.set(place(event), value);
}

function taintOf(process: Process, job: JobContext): number {
  const { process_key } = process;
  const before = upstreamOf(job, process_key);
  // What a copy is made of, the copier has opened.
  let taint = (job.memory.get(`read ${process_key}`) ?? 0) & (fetched | decoded);
  if (before & upstream.fetched || isConnected(job, process_key)) taint |= fetched;
  if (toolOf(process) === "fetch") taint |= fetched;
  if (before & upstream.decoded || isDecoding(process)) taint |= decoded;
  return taint;
}

/** Notes that a copier, unpacker or decoder reads what was fetched. */
export function noteRead(event: EventNamed<"file_open">, { memory, process }: JobContext): void {
  const tool = toolOf(process);
  if (tool === "build" || tool === "package" || tool === "other") return;
  if (event.access === "write") return;
  const of = memory.get(place(event));
  if (of === undefined || of < fetched) return;
  const key = `read ${process.process_key}`;
  memory.set(key, (memory.get(key) ?? 0) | of);
}

/** Who of this job wrote the file; undefined when nobody is known to have. */
export function originOf(file: Inode, { memory }: JobContext): Origin | undefined {
  const value = memory.get(place(file));
  if (value === undefined) return undefined;
  return {
    tool: tools[value & (fetched - 1)] ?? "other",
    is_fetched: (value & fetched) !== 0,
    is_decoded: (value & decoded) !== 0,
  };
}
