import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { programName } from "./acting_program.ts";
import { baseName } from "./base_name.ts";
import { fires, silent } from "./env_harvest_examples.ts";
import { holdsEnvironment, pipesVariables, takesEnvironment } from "./environment_text.ts";
import { programOf } from "./programs.ts";
import { carriedBy, connects, type Leak, learned, starts, writes } from "./secret_flow.ts";
import { isBegun, isEgress, placeOf, sendsOut } from "./senders.ts";

/*
 * The environment is followed as a secret that some processes get to know: `env` prints it, a shell
 * pipes its variables, procfs shows it. What then has a connection, and got it, sends it.
 */
export const envHarvest = defineSignature({
  id: "JW-123",
  name: "env_harvest",
  title: "Environment Sent Away",
  severity: "high",
  behaviours: ["env_harvest", "exfiltration"],
  attack: ["T1552.007", "T1041", "T1082"],
  doc: "All environment variables of the job were handed to a program that sends them to a peer.",
  why:
    "A job's tokens and passwords are in its environment. The changed uploader of Codecov sent it away " +
    "by one line for two months; every stealer of secrets does so.",
  benign: [
    "A bug report or an artefact that holds the whole environment, and is uploaded: low when it " +
      "goes by way of an archive.",
  ],
  evade: [
    "A script in a file that takes the environment in its own language and sends it: what a script " +
      "does without a system call is not seen, unless its code is an argument.",
    "Shell builtins such as `set` in a script that is a file.",
    "Send single variables, or encode them in a way that is not undone here, such as encryption.",
    "Print it into the job's log, or write it to an artefact.",
    "Take it from the memory of another process.",
  ],
  events: ["process_exec", "file_open", "socket_connect", "socket_send"],

  match(event, job) {
    switch (event.event) {
      case "process_exec":
        return atExec(event, job);
      case "file_open":
        return atOpen(event, job);
      case "socket_connect":
        return isEgress(event) && isBegun(event.error) ? atPeer(event, job) : undefined;
      case "socket_send":
        return isEgress(event) ? atPeer(event, job) : undefined;
    }
  },

  examples: { fires, silent },
});

/** As it is, or within an archive of other things. */
const direct = 1;
const packed = 2;

function atExec(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  const { args, path, time_us, args_bytes, stdin_kind, process_key } = event;
  let known = starts(event, job);
  const program = programOf(path, args);
  if (isDump(program.name, args)) known |= direct;
  if (program.code.from === "argument") {
    const { text } = program.code;
    if (program.kind === "shell" && pipesVariables(text)) job.memory.set(`pipes ${process_key}`, 1);
    if (program.kind === "interpreter" && takesEnvironment(text)) known |= direct;
  }
  if (stdin_kind === "pipe" && isFedByShell(event, job)) known |= direct;
  if (args_bytes >= fewBytes && carriers.has(program.name)) {
    if (args.slice(1).some((arg) => holdsEnvironment(arg))) return inArguments(job);
  }
  return known === 0 ? undefined : sent(learned(known, time_us, job, "alone"), "", job);
}

/** Shorter arguments hold no environment. */
const fewBytes = 100;
/** Programs that send what is in their arguments. */
const carriers = new Set(
  "curl wget wget2 http https xh curlie nc ncat netcat openssl socat websocat nslookup dig ping".split(
    " ",
  ),
);

/** `env` without a program to run, `printenv` without a name. */
function isDump(name: string, args: readonly string[]): boolean {
  const words = args.slice(1).filter((arg) => !arg.startsWith("-"));
  if (name === "printenv") return words.length === 0;
  return name === "env" && args.every((arg, at) => at === 0 || /^-0$|^--null$|=/.test(arg));
}

/** Whether a shell, which pipes its variables by its text, has forked both ends of the pipe. */
function isFedByShell(
  event: EventNamed<"process_exec">,
  { memory, process, processOf }: JobContext,
) {
  const parent = processOf(process.parent_key);
  const keys = [event.parent_key, parent?.parent_key ?? 0];
  return keys.some((key) => memory.get(`pipes ${key}`) !== undefined);
}

const isEnvironment = /^\/proc\/\d+\/(?:task\/\d+\/)?environ$/;

function atOpen(event: EventNamed<"file_open">, job: JobContext): Match | undefined {
  const { path, access, created, inode, time_us } = event;
  if (access !== "read") writes(inode, created === "yes", job);
  if (access === "write" || access === "none" || created === "yes") return undefined;
  if (path.startsWith("/proc/") && isEnvironment.test(path)) {
    return sent(learned(direct, time_us, job, "alone"), "", job);
  }
  const carried = carriedBy(inode, job);
  if (carried === 0) return undefined;
  const known = passesOn(job) ? carried : packed;
  return sent(learned(known, time_us, job, "alone"), "", job);
}

/** Whether what a process reads comes out of it again, and not among much else. */
function passesOn({ process }: JobContext): boolean {
  const { name, kind } = programOf(process.path, process.args);
  return (kind === "filter" && name !== "tar") || copies.has(name) || sendsOut(process);
}
const copies = new Set("cp mv openssl gpg age bzip2 xz zstd".split(" "));

function atPeer(
  { peer, time_us }: EventNamed<"socket_connect" | "socket_send">,
  job: JobContext,
): Match | undefined {
  return sent(connects(time_us, job), peer, job);
}

function inArguments({ process }: JobContext): Match {
  return {
    message: `${programName(process)} (pid ${process.pid}) was given the whole environment of the job to send.`,
    evidence: { program: process.path, how: "arguments" },
    key: `arguments ${process.process_key}`,
  };
}

function sent(leak: Leak | undefined, peer: string, job: JobContext): Match | undefined {
  if (!leak) return undefined;
  const reader = job.processOf(leak.reader) ?? job.process;
  const sender = job.processOf(leak.sender) ?? job.process;
  const isDirect = (leak.secrets & direct) !== 0;
  return {
    message:
      `${programName(sender)} (pid ${sender.pid}) got the whole environment of the job and has a ` +
      `connection to ${peer === "" ? "a peer" : peer}.`,
    evidence: {
      ...{ peer, reader: baseName(reader.path), sender: sender.path },
      ...(peer !== "" && { where: placeOf(peer) }),
    },
    key: `${leak.sender} ${isDirect}`,
    ...(!isDirect && { severity: "low" }),
  };
}
