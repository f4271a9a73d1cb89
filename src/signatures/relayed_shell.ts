import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import {
  type Connection,
  connectionOf,
  noteAccept,
  noteConnect,
  noteSend,
  packed,
  unpacked,
} from "./connections.ts";
import { fifoOf, noteFifo, openerOf } from "./fifos.ts";
import { isOwnServer, noteServed } from "./own_sockets.ts";
import { programOf } from "./programs.ts";
import { fires, silent } from "./relayed_shell_examples.ts";
import {
  makerOfInput,
  noteDuplicate,
  noteExec,
  readerOf,
  stdioOf,
  writerOf,
} from "./stdio_pipes.ts";

/*
 * A shell that takes its commands from a pipe, a unix socket or a terminal, with a process at the
 * other end that has a connection with somebody outside of the job. Who is at the other end is told
 * by the descriptors with which programs start:
 *
 * - Nobody else was seen with the other end: then who made it has it, which is the nearest ancestor
 *   with another input. It relays when the shell's output, too, goes to nobody else. So it is with
 *   `subprocess`, `child_process`, `open3`, socat and everything on a pseudo-terminal.
 * - Pipelines: what the shell prints is read by a process with a connection, and the shell's input
 *   comes from that process: directly, or by way of a fifo that another program copies from.
 * - Fifos: whoever has a connection has opened the other ends of both.
 * - A program that copies a connection as it is, such as netcat, feeds the shell.
 *
 * A server of the job that is asked by the job is a test, and stays quiet. A client of such a server
 * that holds a shell may be a test, too, unless the shell is interactive or its errors go the way of
 * its output.
 *
 * A script that is piped into a shell is none of these: its printer has no connection, or fetched a
 * file and gets nothing back. A language interpreter is fed with programs by honest parents that
 * have connections (poetry, Ansible), so it must be interactive, or stand in such a pipeline.
 */
export const relayedShell = defineSignature({
  id: "JW-150",
  name: "relayed_shell",
  title: "Shell Relayed to a Network Peer",
  severity: "high",
  behaviours: ["reverse_shell", "bind_shell"],
  attack: ["T1059", "T1071", "T1572"],
  doc: "A shell takes its commands through a pipe or terminal from a process that has a network peer.",
  why:
    "Whoever is at the other end of the connection can type commands that run on the runner, with " +
    "the job's rights and secrets. The process in between only passes them on.",
  benign: [
    "A program that has connections and writes a whole script into a shell that it starts.",
    "Tests of a remote terminal whose client is not of the job.",
    "Tests that drive a shell on a pseudo-terminal from a process that also talks to a service.",
  ],
  evade: [
    "Run each command by itself, with `-c`.",
    "Relay through two processes, or through a file.",
    "Copy the shell to another name: shells are recognised by the executed file's name.",
    "Let a client of the job accept the outside's connection, and connect to the shell's server.",
    "Run an SSH server, or a notebook's kernel.",
  ],
  events: [
    "process_exec",
    "descriptor_duplicate",
    "file_open",
    "socket_connect",
    "socket_bind",
    "socket_listen",
    "socket_accept",
    "socket_send",
  ],

  match(event, job) {
    switch (event.event) {
      case "file_open":
        return noteFifo(event, job) ? atConnection(job) : undefined;
      case "process_exec":
        return atExec(event, job);
      case "descriptor_duplicate":
        noteDuplicate(event, job);
        return undefined;
      case "socket_bind":
      case "socket_listen":
        noteServed(event, job.memory);
        return undefined;
      case "socket_connect":
        return noteConnect(event, job) ? atConnection(job) : undefined;
      case "socket_accept":
        return noteAccept(event, job) ? atConnection(job) : undefined;
      case "socket_send":
        return noteSend(event, job) ? atConnection(job) : undefined;
    }
  },

  examples: { fires, silent },
});

/** How sure it is that somebody types into it. */
const sureness = { fed: 1, shell: 2, interactive: 3 } as const;

function atExec(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  noteExec(event, job);
  const { memory, process } = job;
  const { stdin_kind, stdin_peer: peer, stdin_local: local, process_key } = event;
  const answered = answeredBy(event, job);
  if (answered) return answered;
  if (stdin_kind === "inet_socket" || stdin_kind === "inet6_socket") {
    if (peer !== "" && !isOwnServer({ peer, local, type: "stream" }, memory))
      memory.set(`stream ${process_key}`, packed(peer));
    return atConnection(job); // the shell that it writes to may be older
  }
  const input = stdioOf(job, process, 0);
  if (input === 0) return undefined;
  const sure = surenessOf(event);
  if (sure === undefined) return undefined;
  memory.set(`sure ${process_key}`, sure);
  memory.set(`shell from ${input}`, process_key);
  for (const at of [1, 2] as const) {
    const output = stdioOf(job, process, at);
    if (output !== 0) memory.set(`shell to ${output}`, process_key);
  }
  return judge(process, job);
}

/** cat <&3 | while read -r line; do $line >&3; done: the loop is no program, what it runs is. */
function answeredBy(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  const { stdin_kind, stdin_inode, stdout_kind, stdout_peer } = event;
  if (stdin_kind !== "pipe" || stdout_peer === "" || !stdout_kind.startsWith("inet")) {
    return undefined;
  }
  const writer = writerOf(job, stdin_inode);
  if (!writer || job.memory.get(`stream ${writer.process_key}`) === undefined) return undefined;
  return found(job.process, writer, { origin: "connected", peer: stdout_peer, isOwn: false });
}

/** Undefined for what takes no commands from its input. */
function surenessOf({ path, args, stdin_kind }: EventNamed<"process_exec">): number | undefined {
  const { kind, code, name } = programOf(path, args);
  if (code.from !== "stdin") return undefined;
  const asks = args.slice(1).some((arg) => /^-[a-z]*[ia]/.test(arg)) || name.startsWith("irb");
  if (stdin_kind === "terminal" || asks) return sureness.interactive;
  return kind === "shell" ? sureness.shell : sureness.fed;
}

/** A process has got a connection, or an end of a pipe; shells that wait for it are judged again. */
function atConnection(job: JobContext): Match | undefined {
  const { memory, process } = job;
  const made = memory.get(`makes ${process.process_key}`);
  const printing = memory.get(`shell to ${stdioOf(job, process, 0)}`);
  const reading = memory.get(`shell from ${stdioOf(job, process, 1)}`);
  const named = memory.get(`shell from ${fifoOf(job, process)}`);
  for (const key of [made, printing, reading, named]) {
    const shell = key === undefined ? undefined : job.processOf(key);
    if (!shell || shell.ended_us !== undefined) continue;
    const found = judge(shell, job);
    if (found) return found;
  }
  return undefined;
}

const judge = (shell: Process, job: JobContext): Match | undefined =>
  byMaker(shell, job) ?? byPipeline(shell, job) ?? byCopier(shell, job) ?? byFifo(shell, job);

// It serves shells by what it is; and the runner's own, whose child it is natural to be.
const serversOfShells = /\/(sshd|sshd-session|sshd-auth|dropbear|Runner\.Worker)$/;
/** A notebook's cell of shell commands is written into a shell by the notebook's kernel. */
const isNotebook = ({ args }: Process): boolean => args.some((arg) => arg.includes("ipykernel"));
/** They only put a terminal in between. */
const terminalMakers = /\/(script|unbuffer|rlwrap)$/;

function byMaker(shell: Process, job: JobContext): Match | undefined {
  const { memory } = job;
  const sure = memory.get(`sure ${shell.process_key}`) ?? 0;
  let maker = makerOfInput(job, shell);
  if (sure === sureness.fed || !maker || !isBetween(shell, maker, job)) return undefined;
  if (terminalMakers.test(maker.path)) maker = makerOfInput(job, maker);
  if (!maker || serversOfShells.test(maker.path) || isNotebook(maker)) return undefined;
  // A shell that has asked a port for a moment also writes here-documents into pipes.
  if (programOf(maker.path, maker.args).kind === "shell" && sure !== sureness.interactive)
    return undefined;
  const connection = connectionOf(job, maker);
  if (connection && (!connection.isOwn || isTypedInto(shell, job)))
    return found(shell, maker, connection);
  memory.set(`makes ${maker.process_key}`, shell.process_key);
  return undefined;
}

/** Whether the shell's words and errors go one way, as to somebody who reads along. */
const isTypedInto = (shell: Process, job: JobContext): boolean =>
  job.memory.get(`sure ${shell.process_key}`) === sureness.interactive ||
  stdioOf(job, shell, 1) === stdioOf(job, shell, 2);

/** Whether the maker alone has the other ends of the shell's input and output. */
function isBetween(shell: Process, maker: Process, job: JobContext): boolean {
  const input = stdioOf(job, shell, 0);
  const output = stdioOf(job, shell, 1);
  if (output === 0 || output === stdioOf(job, maker, 1)) return false;
  const others = [writerOf(job, input), readerOf(job, output)];
  return others.every((other) => !other || other === maker || isWithin(other, shell, job));
}

/** Whether a process is the shell, or was started by it: it has what the shell has. */
function isWithin(process: Process, shell: Process, job: JobContext): boolean {
  let at: Process | undefined = process;
  for (let back = 0; at && back < 8; back++) {
    if (at.process_key === shell.process_key) return true;
    at = job.processOf(at.parent_key);
  }
  return false;
}

function byPipeline(shell: Process, job: JobContext): Match | undefined {
  const input = stdioOf(job, shell, 0);
  for (const at of [1, 2] as const) {
    const output = stdioOf(job, shell, at);
    const reader = output === 0 ? undefined : readerOf(job, output);
    if (!reader || isWithin(reader, shell, job)) continue;
    const connection = connectionOf(job, reader);
    if (!connection) continue;
    const answer = stdioOf(job, reader, 1);
    const parent = job.processOf(reader.parent_key);
    const isOwnOutput = answer !== 0 && !(parent && stdioOf(job, parent, 1) === answer);
    const isSure = job.memory.get(`sure ${shell.process_key}`) === sureness.interactive;
    if (answer === input || isOwnOutput || isSure) return found(shell, reader, connection);
  }
  return undefined;
}

const copiers = /^(nc|ncat|netcat|socat|telnet|openssl|cryptcat|sbd|pwncat)\b/;

function byCopier(shell: Process, job: JobContext): Match | undefined {
  const writer = writerOf(job, stdioOf(job, shell, 0));
  if (!writer || isWithin(writer, shell, job)) return undefined;
  const stream = job.memory.get(`stream ${writer.process_key}`);
  if (stream !== undefined)
    return found(shell, writer, { origin: "connected", peer: unpacked(stream), isOwn: false });
  const connection = connectionOf(job, writer);
  if (!connection || !copiers.test(programOf(writer.path, writer.args).name)) return undefined;
  return found(shell, writer, connection);
}

/** Two fifos that somebody with a connection has opened at their other ends. */
function byFifo(shell: Process, job: JobContext): Match | undefined {
  const writer = openerOf(job, 1, stdioOf(job, shell, 0));
  if (!writer || isWithin(writer, shell, job)) return undefined;
  const connection = connectionOf(job, writer);
  const output = stdioOf(job, shell, 1);
  const reader = openerOf(job, 0, output) ?? readerOf(job, output);
  if (!connection || !reader || isWithin(reader, shell, job)) return undefined;
  return connectionOf(job, reader) ? found(shell, writer, connection) : undefined;
}

function found(shell: Process, relay: Process, { origin, peer }: Connection): Match {
  const name = (process: Process) => programOf(process.path, process.args).name || "a process";
  const took = origin === "connected" ? "is connected to" : "was connected to by";
  return {
    message:
      `${name(shell)} (pid ${shell.pid}) takes its commands from ${name(relay)} ` +
      `(pid ${relay.pid}), which ${took} ${peer}; whoever is there can type commands into it.`,
    evidence: {
      peer,
      shell: shell.path,
      shell_pid: shell.pid,
      relay: relay.path,
      relay_pid: relay.pid,
    },
    process: shell,
    behaviours: [origin === "connected" ? "reverse_shell" : "bind_shell"],
    key: `shell ${shell.process_key}`,
  };
}
