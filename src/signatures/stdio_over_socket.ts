import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { type Program, programOf, runsItsInput } from "./programs.ts";
import { fires, silent } from "./stdio_over_socket_examples.ts";
import {
  clearSocketAt,
  descriptorsOf,
  isIpSocket,
  isStandard,
  originOf,
  type StandardDescriptor,
  setOrigin,
  setSocketAt,
  socketsAtExec,
} from "./stdio_sockets.ts";

/*
 * Who is steered by a peer? A socket on standard input, output or error alone does not say so:
 *
 * - Connections that the job opened. A language interpreter has no honest reason to put one on its
 *   own standard descriptors, so any of the three fires at once. A shell has: `echo >/dev/tcp/h/p`
 *   asks whether a port is open, `cat <&3` reads an answer, and both put the socket there for the
 *   moment of the redirection. So a shell fires when it takes its commands from the socket, when it
 *   has the socket for input and output together, or when its errors go to where its input came
 *   from. A shell or interpreter that is *started* with the connection fires always. Any other
 *   program fires with the connection on standard input, but for filters that only read from it.
 * - Connections that the job accepted. An inetd-style server gives them to its handlers, so the
 *   duplication says nothing, and neither does the exec of a program or script. What says it is the
 *   exec of a shell or interpreter that takes its code from there: no script and no `-c`, or a `-c`
 *   whose text runs what it reads. A server that holds the connection on its own standard
 *   descriptors and starts such a shell is seen at the exec of that shell.
 * - Connections of unknown origin (made before the tracing, received over a unix socket, made
 *   through io_uring) count as opened by the job, except those that the job was started with: these
 *   are not its act.
 */
export const stdioOverSocket = defineSignature({
  id: "TRC-101",
  formerly: ["TRC-1"],
  name: "stdio_over_socket",
  title: "Standard Input/Output Over Socket",
  severity: "high",
  behaviours: ["reverse_shell", "bind_shell"],
  attack: ["T1059", "T1071", "T1571"],
  doc: "A shell or interpreter, or the standard input of any program, is connected to a network peer.",
  why:
    "Whoever is at the other end can type commands that run on the runner, with the job's rights " +
    "and secrets. This is how a reverse or bind shell works; a build has no use for it.",
  benign: [
    "Clients in the style of tcpclient or socat, which start a program on a connection.",
    "A script that runs programs in a loop whose standard input is a connection.",
    "Tests of a remote shell, of a debugger or of an inetd-style server that serves a shell.",
    "A Python or Perl program that was started with its standard input closed, and connects.",
  ],
  evade: [
    "Relay through pipes, a fifo, a pseudo-terminal or a unix socket: no socket is on 0, 1 or 2.",
    "Run commands from within an interpreter without putting the socket on 0, 1 or 2.",
    "Copy a shell or interpreter to another name: they are recognised by the executed file's name. " +
      "For connections that the job opened, standard input still fires.",
    "Read and eval in a shell with builtins alone, without giving the connection for output.",
    "A socket that is neither IPv4 nor IPv6, such as vsock; UDP without connect.",
    "Accept a connection, and run a handler script that evaluates what it reads.",
  ],
  events: ["process_exec", "descriptor_duplicate", "socket_connect", "socket_accept"],

  match(event, job) {
    switch (event.event) {
      case "process_exec":
        return atExec(event, job);
      case "descriptor_duplicate":
        return atDuplicate(event, job);
      case "socket_connect":
        return atConnect(event, job);
      case "socket_accept":
        return atAccept(event, job);
    }
  },

  examples: { fires, silent },
});

function atExec(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  const isFirst = isFirstExec(job);
  const sockets = socketsAtExec(event);
  if (sockets.length === 0) return undefined;
  for (const { descriptor, inode } of sockets) {
    setSocketAt(job, descriptor, inode);
    const origin = originOf(job.memory, inode);
    // Said again at each exec, so that it stays among the newest.
    if (origin === "given" || (isFirst && origin === "unknown")) {
      setOrigin(job.memory, inode, "given");
    }
  }
  const program = programOf(event.path, event.args);
  for (const { inode, local, peer } of sockets) {
    const found = judge({ how: "exec", inode, local, peer, program, pid: event.pid }, job);
    if (found) return found;
  }
  return undefined;
}

/** The job's own start; what it finds on its descriptors was given to it. */
function isFirstExec({ memory, process }: JobContext): boolean {
  const first = memory.get("first") ?? process.process_key;
  // Set again, so that it stays among the newest.
  memory.set("first", first);
  return first === process.process_key && process.execs === 1 && process.parent_key === 0;
}

function atDuplicate(
  event: EventNamed<"descriptor_duplicate">,
  job: JobContext,
): Match | undefined {
  const { descriptor, kind, inode, local, peer } = event;
  if (!isStandard(descriptor)) return undefined;
  if (!isIpSocket(kind)) {
    clearSocketAt(job, descriptor);
    return undefined;
  }
  setSocketAt(job, descriptor, inode);
  const { path, pid, execs, parent_key } = job.process;
  // Whoever starts the job prepares its descriptors in the process that will be the job's first.
  const isBeforeJob = path === "" && execs === 0 && parent_key === 0;
  if (isBeforeJob && originOf(job.memory, inode) === "unknown") {
    setOrigin(job.memory, inode, "given");
  }
  return judge({ how: "dup", inode, local, peer, program: acting(job.process), pid }, job);
}

// Connecting has begun: in progress, already in progress, already connected, or interrupted by a
// signal, after which the kernel goes on. What comes of it is not waited for.
const beginnings = new Set([0, 4, 106, 114, 115]);

function atConnect(event: EventNamed<"socket_connect">, job: JobContext): Match | undefined {
  const { inode, descriptor, error, local, peer, type } = event;
  if (peer === "" || !beginnings.has(error)) return undefined;
  setOrigin(job.memory, inode, "connected");
  const wasPut = descriptorsOf(job, inode).length > 0;
  if (isStandard(descriptor)) setSocketAt(job, descriptor, inode);
  else if (!wasPut) return undefined;
  const program = acting(job.process);
  // A program that was started with standard input closed gets descriptor 0 for its first socket.
  if (!wasPut && (program.kind === "program" || isNameQuestion(type, peer))) return undefined;
  return judge({ how: "connect", inode, local, peer, program, pid: job.process.pid }, job);
}

// The C library asks for names over connected datagram sockets.
const isNameQuestion = (type: string, peer: string): boolean =>
  type === "datagram" && peer.endsWith(":53");

function atAccept(event: EventNamed<"socket_accept">, job: JobContext): Match | undefined {
  const { inode, descriptor, local, peer } = event;
  if (peer === "") return undefined;
  setOrigin(job.memory, inode, "accepted");
  if (!isStandard(descriptor)) return undefined;
  setSocketAt(job, descriptor, inode);
  const { process } = job;
  const program = acting(process);
  return judge({ how: "accept", inode, local, peer, program, pid: process.pid }, job);
}

/** A subshell is a copy of a shell that reads commands, but reads none itself. */
function acting({ path, args, execs }: Process): Program {
  const program = programOf(path, args);
  if (program.kind !== "shell" || execs > 0) return program;
  return { ...program, code: { from: "file" } };
}

interface Act {
  readonly how: "exec" | "dup" | "connect" | "accept";
  readonly inode: number;
  readonly local: string;
  readonly peer: string;
  readonly program: Program;
  readonly pid: number;
}

function judge(act: Act, job: JobContext): Match | undefined {
  const { inode, peer } = act;
  const origin = originOf(job.memory, inode);
  // Not connected yet; the connect will be judged.
  if (origin === "given" || (peer === "" && origin === "unknown")) return undefined;
  const at = descriptorsOf(job, inode);
  if (origin === "accepted") return isServed(act, at) ? found(act, at, "bind_shell") : undefined;
  return isSteered(act, at, job) ? found(act, at, "reverse_shell") : undefined;
}

/** Whether who connected to the job gives commands over this connection. */
function isServed({ how, program }: Act, at: readonly StandardDescriptor[]): boolean {
  if (!at.includes(0)) return false;
  if (program.kind === "shell") return runsItsInput(program);
  // A server in a language without a script, such as one fed by a heredoc, duplicates as any server.
  return program.kind === "interpreter" && how === "exec" && runsItsInput(program);
}

/** Whether the peer that the job connected to gives commands, or may. */
function isSteered(act: Act, at: readonly StandardDescriptor[], { memory }: JobContext): boolean {
  const { how, inode, program } = act;
  const isInput = at.includes(0);
  const isOutput = at.includes(1) || at.includes(2);
  if (program.kind === "interpreter") return true;
  if (isInput && isOutput) return true;
  if (program.kind === "shell") {
    if (how === "exec") return true;
    if (isInput && program.code.from === "stdin") return true;
  } else if (isInput && program.kind === "program") return true;

  // What reads from the connection now may feed a shell, whose errors then go back over it.
  if (isInput) memory.set(`read ${inode}`, 1);
  return at.includes(2) && memory.get(`read ${inode}`) !== undefined;
}

function found(
  act: Act,
  at: readonly StandardDescriptor[],
  behaviour: "reverse_shell" | "bind_shell",
): Match {
  const { how, inode, local, peer, program, pid } = act;
  return {
    message: sentence(act, at, behaviour),
    evidence: {
      peer,
      local,
      descriptors: at.join(","),
      how,
      program: program.name,
      pid,
      socket_inode: inode,
    },
    behaviours: [behaviour],
    key: `socket ${inode}`,
  };
}

const descriptorNames = ["input", "output", "error"] as const;

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

function sentence(
  { how, peer, program, pid }: Act,
  at: readonly StandardDescriptor[],
  behaviour: "reverse_shell" | "bind_shell",
): string {
  const who = `${program.name || "a process"} (pid ${pid})`;
  const where = `standard ${listed(at.map((descriptor) => descriptorNames[descriptor]))}`;
  const end = at.includes(0)
    ? "whoever is at the other end can type commands into it."
    : "whoever is at the other end gets what it prints.";
  const to = peer || "a peer";
  if (behaviour === "bind_shell") {
    return `${who} takes its commands from a connection that ${to} made to the job; ${end}`;
  }
  if (how === "exec") return `${who} was started with a connection to ${to} on ${where}; ${end}`;
  if (how === "connect") return `${who} connected its ${where} to ${to}; ${end}`;
  return `${who} put its connection to ${to} on ${where}; ${end}`;
}
