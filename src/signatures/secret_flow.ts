import type { JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { kin } from "./kin.ts";
import { isTool, sendsOut } from "./senders.ts";
import { Slots } from "./slots.ts";

/*
 * What processes know, and who could have sent it. A process knows a secret when it has read it, or a
 * file that one who knew it wrote, or is at the other end of its pipe. Its children may send it, and so
 * may its parents, and those who carry data for the script that started both. What is known is a set
 * of numbers, in bits.
 *
 * File events and network events come by two ways, so that either may be judged first.
 */

/** Who knew, of what, and who has a connection. */
export interface Leak {
  readonly secrets: number;
  /** The process that knew it. */
  readonly reader: number;
  /** The process that has the connection. */
  readonly sender: number;
}

// The script that runs `cat key | base64 | curl` is the parent of all; a subshell lies between often.
const readerKin = 2;
const senderKin = 3;
/** Programs in a pipeline. */
const longestPipe = 6;

/** The file that a process made last. */
const made = new Slots("made file");
/** Who reads a pipe, and which pipe a process writes. */
const readers = new Slots("reader of pipe");
const outputs = new Slots("output of");
const writers = new Slots("writer of pipe");
/** The child that a process feeds by a pipe of its own: `tar -z` starts gzip. */
const fed = new Slots("fed by");
const connected = new Slots("connected below", 1024);
const connectedAt = new Slots("connected at", 1024);

/**
 * The process of the event got to know secrets.
 * @param how `alone` is a weak sign, which counts only for what the process itself does
 * @returns who may have sent them already, or is about to over a connection that it has
 */
export function learned(
  secrets: number,
  time_us: number,
  job: JobContext,
  how: "shared" | "alone" = "shared",
): Leak | undefined {
  const { memory, process } = job;
  memory.set("secrets", 1);
  let leak = tell(process.process_key, secrets, job, 0);
  for (const { process_key: key } of how === "alone" ? [process] : kin(process, job, readerKin)) {
    join(`read ${key}`, secrets, job);
    memory.set(`reader ${key}`, process.process_key);
    memory.set(`read at ${key}`, time_us);
    leak ??= connectedBefore(key, secrets, time_us, job);
  }
  return leak;
}

/** One process knows, and so does who reads its pipe; a leak when that one has a connection. */
function tell(key: number, secrets: number, job: JobContext, depth: number): Leak | undefined {
  const { memory } = job;
  const known = memory.get(`own ${key}`) ?? 0;
  if (depth > longestPipe || ((known & secrets) === secrets && depth > 0)) return undefined;
  join(`own ${key}`, secrets, job);
  const file = made.get(memory, key);
  if (file !== undefined) taint(file, secrets, job);
  let leak: Leak | undefined;
  const pipe = outputs.get(memory, key);
  for (const next of [pipe && readers.get(memory, pipe), fed.get(memory, key)]) {
    if (next === undefined || next === 0 || next === key) continue;
    if (connected.get(memory, next) === next) leak ??= { secrets, reader: key, sender: next };
    leak ??= tell(next, secrets, job, depth + 1);
  }
  return leak;
}

/** A process whose connection was made before the secret was read, and may carry it. */
function connectedBefore(
  key: number,
  secrets: number,
  time_us: number,
  { memory, process, processOf }: JobContext,
): Leak | undefined {
  const { process_key } = process;
  const sender = connected.get(memory, key);
  const other = sender === undefined ? undefined : processOf(sender);
  if (!other || sender === undefined) return undefined;
  const isAlive = other.ended_us === undefined || other.ended_us > time_us;
  if (!isAlive && (connectedAt.get(memory, key) ?? 0) < time_us) return undefined;
  // A package manager has connections while it runs the scripts of packages.
  const isNear = key === process_key || (key === sender && !isTool(other));
  return isNear || sendsOut(other) ? { secrets, reader: process_key, sender } : undefined;
}

/** The process of the event has a connection. */
export function connects(time_us: number, job: JobContext): Leak | undefined {
  const { memory, process } = job;
  let leak: Leak | undefined;
  for (const { process_key: key } of kin(process, job, senderKin)) {
    connected.set(memory, key, process.process_key);
    connectedAt.set(memory, key, time_us);
    leak ??= leakAt(key, time_us, job);
  }
  return leak;
}

function leakAt(key: number, time_us: number, { memory, process }: JobContext): Leak | undefined {
  if (memory.get("secrets") === undefined) return undefined;
  const sender = process.process_key;
  const own = memory.get(`own ${key}`);
  const isOwn = key === sender || sendsOut(process) || !isTool(process);
  if (own && isOwn) return { secrets: own, reader: key, sender };
  const secrets = memory.get(`read ${key}`);
  const reader = memory.get(`reader ${key}`);
  if (secrets === undefined || reader === undefined) return undefined;
  if (key === sender && !isTool(process)) return { secrets, reader, sender };
  const isLater = (memory.get(`read at ${key}`) ?? 0) <= time_us;
  return isLater && sendsOut(process) ? { secrets, reader, sender } : undefined;
}

/**
 * The process of the event runs a program: where its input and output go.
 * @returns what it knows by its input already
 */
export function starts(event: EventNamed<"process_exec">, job: JobContext): number {
  const { memory } = job;
  const { process_key, parent_key, stdin_kind, stdin_inode, stdout_kind, stdout_inode } = event;
  if (stdout_kind === "file") writes(stdout_inode, true, job);
  if (stdout_kind === "pipe") {
    outputs.set(memory, process_key, stdout_inode);
    writers.set(memory, stdout_inode, process_key);
  }
  if (stdin_kind === "file") return carriedBy(stdin_inode, job);
  if (stdin_kind !== "pipe") return 0;
  readers.set(memory, stdin_inode, process_key);
  const writer = writers.get(memory, stdin_inode);
  if (writer === undefined) fed.set(memory, parent_key, process_key);
  if (memory.get("secrets") === undefined) return 0;
  return memory.get(`own ${writer ?? parent_key}`) ?? 0;
}

/** The process of the event writes a file, whose number this is. */
export function writes(inode: number, isNew: boolean, job: JobContext): void {
  const { memory, process } = job;
  const { process_key } = process;
  if (isNew) {
    made.set(memory, process_key, inode);
    if (carriedBy(inode, job) !== 0) memory.set(`file ${inode}`, 0);
  }
  if (memory.get("secrets") === undefined) return;
  const secrets = memory.get(`own ${process_key}`);
  if (secrets) taint(inode, secrets, job);
}

/** The secrets that a file may hold, because one who knew them wrote it; 0 for most files. */
export function carriedBy(inode: number, { memory }: JobContext): number {
  if (memory.get("tainted") === undefined) return 0;
  return memory.get(`file ${inode}`) ?? 0;
}

function taint(inode: number, secrets: number, job: JobContext): void {
  join(`file ${inode}`, secrets, job);
  job.memory.set("tainted", 1);
}

function join(key: string, secrets: number, { memory }: JobContext): void {
  memory.set(key, (memory.get(key) ?? 0) | secrets);
}
