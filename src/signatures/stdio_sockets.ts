import type { JobContext, Memory } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { DescriptorKind } from "../events/words.ts";
import type { Process } from "../jobs/process.ts";

/** Standard input, output and error. */
export type StandardDescriptor = 0 | 1 | 2;
export const standardDescriptors = [0, 1, 2] as const;

export const isStandard = (descriptor: number): descriptor is StandardDescriptor =>
  descriptor === 0 || descriptor === 1 || descriptor === 2;

export const isIpSocket = (kind: DescriptorKind): boolean =>
  kind === "inet_socket" || kind === "inet6_socket";

/** Who made a connection: the job itself, a peer, whoever started the job, or nobody knows. */
export type Origin = "connected" | "accepted" | "given" | "unknown";

const marks = { connected: 1, accepted: 2, given: 3 } as const;
const origins: readonly Origin[] = ["unknown", "connected", "accepted", "given"];

export const originOf = (memory: Memory, inode: number): Origin =>
  origins[memory.get(`from ${inode}`) ?? 0] ?? "unknown";

export const setOrigin = (memory: Memory, inode: number, origin: keyof typeof marks): void =>
  memory.set(`from ${inode}`, marks[origin]);

// Ancestors that a forked process asks for its descriptors. Between two forks without an exec there
// is seldom more than a subshell or two.
const forksBack = 8;

/** The IP socket on a standard descriptor of a process; 0 when it is none, or not known. */
export function socketAt(
  { memory, processOf }: JobContext,
  process: Process,
  descriptor: StandardDescriptor,
): number {
  let holder: Process | undefined = process;
  for (let back = 0; holder && back < forksBack; back++) {
    const inode = memory.get(place(holder, descriptor));
    if (inode !== undefined) return inode;
    // An exec would have told. Before it, a child has what its parent has.
    if (holder.execs > 0) return 0;
    holder = processOf(holder.parent_key);
  }
  return 0;
}

export function setSocketAt(
  { memory, process }: JobContext,
  descriptor: StandardDescriptor,
  inode: number,
): void {
  memory.set(place(process, descriptor), inode);
  if (inode !== 0) memory.set("any", 1);
}

/** Something that is no IP socket took the place of one. */
export function clearSocketAt(job: JobContext, descriptor: StandardDescriptor): void {
  // Every redirection of every shell comes here; most jobs never have a socket there.
  if (job.memory.get("any") === undefined) return;
  if (socketAt(job, job.process, descriptor) !== 0) setSocketAt(job, descriptor, 0);
}

// An exec starts a new count, because it may close descriptors and tells what is left.
const place = ({ process_key, execs }: Process, descriptor: number): string =>
  `at ${process_key} ${execs} ${descriptor}`;

/** On which standard descriptors of the process the socket is. */
export const descriptorsOf = (job: JobContext, inode: number): readonly StandardDescriptor[] =>
  standardDescriptors.filter((at) => socketAt(job, job.process, at) === inode);

export interface StandardSocket {
  readonly descriptor: StandardDescriptor;
  readonly inode: number;
  readonly local: string;
  /** Empty: not connected. */
  readonly peer: string;
}

/** The IP sockets that a program found on its standard descriptors. */
export function socketsAtExec(event: EventNamed<"process_exec">): readonly StandardSocket[] {
  const { stdin_kind, stdout_kind, stderr_kind } = event;
  const sockets: StandardSocket[] = [];
  if (isIpSocket(stdin_kind)) {
    const { stdin_inode: inode, stdin_local: local, stdin_peer: peer } = event;
    sockets.push({ descriptor: 0, inode, local, peer });
  }
  if (isIpSocket(stdout_kind)) {
    const { stdout_inode: inode, stdout_local: local, stdout_peer: peer } = event;
    sockets.push({ descriptor: 1, inode, local, peer });
  }
  if (isIpSocket(stderr_kind)) {
    const { stderr_inode: inode, stderr_local: local, stderr_peer: peer } = event;
    sockets.push({ descriptor: 2, inode, local, peer });
  }
  return sockets;
}
