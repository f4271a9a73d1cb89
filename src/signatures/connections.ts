import type { JobContext, Memory } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { endpointOf, isMulticast } from "./endpoints.ts";
import { isOwnServer } from "./own_sockets.ts";

/** A connection of a process that may lead out of the job. */
export interface Connection {
  readonly origin: "connected" | "accepted";
  /** `192.0.2.1:80`; "a peer" when it was IPv6. */
  readonly peer: string;
  /** With a server of the job itself: a test and what it tests, or somebody who plays both. */
  readonly isOwn: boolean;
}

// Connecting has begun, or goes on; see socket_connect.
const beginnings = new Set([0, 4, 106, 114, 115]);
const portsBelow = 65_536;

/** Notes what a process opened; false when it is nothing that commands could come by. */
export function noteConnect(event: EventNamed<"socket_connect">, job: JobContext): boolean {
  const { peer, local, type, error } = event;
  if (peer === "" || !beginnings.has(error)) return false;
  job.memory.set(`client ${local}`, 1);
  return noteLeading({ peer, local, type }, job);
}

/** Notes to whom a process sends without connecting; false as with `noteConnect`. */
export const noteSend = ({ peer, type }: EventNamed<"socket_send">, job: JobContext): boolean =>
  noteLeading({ peer, local: "", type }, job);

type Way = Pick<EventNamed<"socket_connect">, "peer" | "local" | "type">;

function noteLeading({ peer, local, type }: Way, { memory, process }: JobContext): boolean {
  // A name is asked for, the clock, or a log is written; or many are spoken to.
  if (type !== "stream" && /:(53|123|514)$/.test(peer)) return false;
  if (isMulticast(endpointOf(peer)?.host ?? "")) return false;
  const key = isOwnServer({ peer, local, type }, memory) ? "own" : "net";
  memory.set(`${key} ${process.process_key}`, packed(peer));
  return true;
}

/** Notes who came in; true when the client is not of the job. */
export function noteAccept({ peer }: EventNamed<"socket_accept">, job: JobContext): boolean {
  const { memory, process } = job;
  if (peer === "" || memory.get(`client ${peer}`) !== undefined) return false;
  // The call that connected may end later than the one that accepts; then it is known by its key.
  memory.set(`net ${process.process_key}`, -packed(peer));
  return true;
}

// Of a process that was forked with it; an exec in between may have closed it.
const forksBack = 8;

/** The connection that the process last opened or took, or got by a fork. */
export function connectionOf(job: JobContext, process: Process): Connection | undefined {
  let holder: Process | undefined = process;
  for (let back = 0; holder && back < forksBack; back++) {
    const found = connectionIn(job.memory, holder);
    if (found || holder.execs > 0) return found;
    holder = job.processOf(holder.parent_key);
  }
  return undefined;
}

function connectionIn(memory: Memory, { process_key }: Process): Connection | undefined {
  const value = memory.get(`net ${process_key}`) ?? 0;
  const peer = unpacked(Math.abs(value));
  if (value > 0) return { origin: "connected", peer, isOwn: false };
  if (value < 0 && memory.get(`client ${peer}`) === undefined)
    return { origin: "accepted", peer, isOwn: false };
  const own = memory.get(`own ${process_key}`);
  return own === undefined ? undefined : { origin: "connected", peer: unpacked(own), isOwn: true };
}

/** Memory holds numbers: an IPv4 address and port is one of 48 bits. */
export function packed(peer: string): number {
  const at = endpointOf(peer);
  if (!at || at.host.includes(":")) return 1;
  const bits = at.host.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return bits * portsBelow + at.port;
}

export function unpacked(value: number): string {
  if (value === 1) return "a peer";
  const bits = Math.floor(value / portsBelow);
  const bytes = [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(bits / unit) % 256);
  return `${bytes.join(".")}:${value % portsBelow}`;
}
