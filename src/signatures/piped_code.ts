import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { isBelowSudo, isOfPackageHook, shellAbove } from "./package_hooks.ts";
import { inputPipeOf, noteConnect, notePipes, upstream, upstreamOf } from "./pipes.ts";
import { type Program, programOf, runsItsInput } from "./programs.ts";
import { toolOf } from "./tools.ts";

/*
 * Both ends of a pipeline start at once, in any order. So an interpreter that reads its code from a
 * pipe is judged at its exec, and again at its first act that follows from what it read.
 */
export const pipedCode = defineSignature({
  id: "JW-162",
  name: "piped_code",
  title: "Code Was Piped Into an Interpreter",
  severity: "low",
  behaviours: ["download_execute"],
  attack: ["T1059", "T1105", "T1140"],
  doc: "A shell or interpreter took its code from a pipe into which a download or a decoder wrote.",
  why:
    "What runs is decided by whoever answers the download, at that moment, and is kept nowhere. " +
    "Decoding on the way hides it from whoever reads the script.",
  benign: [
    "Installers in the style of `curl … | sh`: low.",
    "Scripts that keep a program as base64 and pipe it into a shell.",
  ],
  evade: [
    "Fetch into a variable and evaluate that; or into a file, which is another finding.",
    "Decode within the interpreter, or by a program of one's own.",
    "Put a program between them that closes its input before it writes.",
  ],
  events: ["process_exec", "process_fork", "process_exit", "socket_connect"],

  match(event, job) {
    switch (event.event) {
      case "socket_connect":
        noteConnect(event, job);
        return undefined;
      case "process_exec":
        return atExec(event, job);
      default:
        return isWaiting(job) ? judge(job) : undefined;
    }
  },

  examples: {
    fires: [
      [curl(), { event: "socket_connect", process_key: 3 }, shell(7)],
      // The shell came first.
      [shell(7), curl(), { event: "process_exit", process_key: 7, parent_key: 1 } as Samples],
      [shell(7), curl(), forks(7, 8)],
      [decoder(), shell(7)],
      // A program of any name that connects.
      [
        program(3, "/opt/get", { stdout_kind: "pipe", stdout_inode: 70 }),
        {
          ...{ event: "socket_connect", process_key: 3, family: "inet", type: "stream" },
          peer: "192.0.2.1:80",
        },
        shell(7),
      ],
      [
        program(1, "/usr/bin/bash", { args: ["bash", "x.sh"] }),
        curl(),
        program(5, "/usr/bin/bash", { args: ["bash", "-c", "echo it"] }),
      ],
      [
        program(1, "/usr/bin/bash", { args: ["bash", "x.sh"] }),
        program(5, "/usr/bin/bash", { args: ["bash", "/dev/fd/63"] }),
        curl(),
        forks(5, 6),
      ],
      [
        curl(),
        program(4, "/usr/bin/tee", {
          ...{ stdin_kind: "pipe", stdin_inode: 70, stdout_kind: "pipe", stdout_inode: 71 },
        }),
        { ...shell(7), stdin_inode: 71 } as Samples,
      ],
    ],
    silent: [
      // A value that was fetched, and then another program.
      [
        program(1, "/usr/bin/bash", { args: ["bash", "x.sh"] }),
        curl(),
        program(4, "/usr/bin/make", { args: ["make"] }),
        program(5, "/usr/bin/bash", { args: ["bash", "-c", "echo it"] }),
      ],
      [curl(), { ...shell(7), args: ["sh", "install.sh"] } as Samples],
      [curl(), program(7, "/usr/bin/jq", { stdin_kind: "pipe", stdin_inode: 70 })],
      [
        curl(),
        program(7, "/usr/bin/python3.11", {
          ...{ stdin_kind: "pipe", stdin_inode: 70 },
          args: ["python3", "-c", "import json, sys; print(json.load(sys.stdin))"],
        }),
      ],
      [shell(7), forks(7, 8)],
      [
        program(3, "/usr/bin/base64", { args: ["base64"], stdout_kind: "pipe", stdout_inode: 70 }),
        shell(7),
      ],
    ],
  },
});

function atExec(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  // What a shell was fed before it became another program.
  const found = isWaiting(job) ? judge(job) : undefined;
  notePipes(event, job);
  const program = programOf(event.path, event.args);
  const isCode = program.kind === "shell" || program.kind === "interpreter";
  const isFed = isCode && event.stdin_kind === "pipe" && runsItsInput(program);
  const isGiven = isCode && !isFed && isSubstituted(event, program, job);
  job.memory.set(`waits ${event.process_key}`, isFed ? piped : isGiven ? substituted : 0);
  if (isFed || isGiven) job.memory.set(`judged ${event.process_key}`, 0);
  noteSubstitution(event, isGiven, job);
  return found ?? (isFed || isGiven ? judge(job) : undefined);
}

// What an interpreter waits for: its pipe's other end, or what its shell fetches for it.
const piped = 1;
const substituted = 2;

const isWaiting = ({ memory, process }: JobContext): boolean =>
  (memory.get(`waits ${process.process_key}`) ?? 0) > 0;

/** `bash <(curl …)`, `bash -c "$(curl …)"`: the shell above has a download's output for a moment. */
function isSubstituted(
  { args, process_key }: EventNamed<"process_exec">,
  { code }: Program,
  job: JobContext,
): boolean {
  if (code.from === "argument") {
    if (fetchesItself.test(code.text)) return true;
    const shell = shellAbove(job.process, job);
    const isFetched = [process_key, shell?.process_key].some(
      (key) => key !== undefined && (job.memory.get(`fetched ${key}`) ?? 0) > 0,
    );
    return isFetched && !shell?.args.some((arg) => arg.includes(code.text));
  }
  return code.from === "file" && args.slice(1, 4).some((arg) => isDescriptor.test(arg));
}
const isDescriptor = /^\/(dev|proc\/(self|\d+))\/fd\/\d+$/;
// A shell's own evaluation starts no program; nor does an interpreter's.
const fetchesItself =
  /\b(eval|source|exec|iex|Invoke-Expression|Function)\b[^\n;]{0,80}(\$\(|<\(|`|\()\s*(curl|wget|fetch|irm|iwr|urllib|urlopen|requests\.get|[\w.]*urlopen|LWP)\b/;

/** A download whose output a shell takes itself, until that shell starts anything else. */
function noteSubstitution(
  event: EventNamed<"process_exec">,
  isGiven: boolean,
  job: JobContext,
): void {
  const { memory, process } = job;
  const shell = shellAbove(process, job);
  if (!shell) return;
  const key = `fetched ${shell.process_key}`;
  const { stdin_kind, stdin_inode, stdout_kind, stdout_inode, process_key } = event;
  const fetched = memory.get(key) ?? 0;
  if (stdout_kind === "pipe" && toolOf(process) === "fetch") {
    // Another program may have the other end already.
    memory.set(key, memory.get(`read ${stdout_inode}`) === undefined ? stdout_inode : 0);
  } else if (fetched > 0) {
    if (stdout_kind !== "pipe" || (stdin_kind === "pipe" && stdin_inode === fetched)) {
      memory.set(key, 0);
    }
    // The one that was started with it looks again when it acts.
    if (isGiven) memory.set(`fetched ${process_key}`, fetched);
  }
}

/** Whether what the interpreter was given is a download, as far as is known now. */
function isFetchedFor({ memory, process }: JobContext, shell: Process | undefined): boolean {
  const { code } = programOf(process.path, process.args);
  if (code.from === "argument") return true;
  const keys = [process.process_key, shell?.process_key];
  return keys.some((key) => key !== undefined && (memory.get(`fetched ${key}`) ?? 0) > 0);
}

function judge(job: JobContext): Match | undefined {
  const { process } = job;
  const isGiven = job.memory.get(`waits ${process.process_key}`) === substituted;
  const before = isGiven ? 0 : upstreamOf(job, process.process_key);
  const isFetched = isGiven
    ? isFetchedFor(job, shellAbove(process, job))
    : (before & upstream.fetched) !== 0;
  const isDecoded = (before & upstream.decoded) !== 0;
  if (!isFetched && !isDecoded) return undefined;
  // What stands further up the pipeline may start later: until all is known it is looked at again.
  const known = (isFetched ? upstream.fetched : 0) | (isDecoded ? upstream.decoded : 0);
  const isWhole = isGiven || (isFetched && isDecoded);
  if (job.memory.get(`judged ${process.process_key}`) === known) return undefined;
  job.memory.set(`judged ${process.process_key}`, isWhole ? 0 : known);
  if (isWhole) job.memory.set(`waits ${process.process_key}`, 0);
  const { name, kind } = programOf(process.path, process.args);
  const isHook = isOfPackageHook(process, job);
  const isLifted = kind === "interpreter" && isBelowSudo(process, job);
  const isHigh = isHook || (isFetched && isDecoded);
  const source = isDecoded ? (isFetched ? "a decoded download" : "a decoder") : "a download";
  return {
    message: `${name} (pid ${process.pid}) ran code that came ${isGiven ? "" : "through a pipe "}from ${source}.`,
    evidence: { program: process.path, pid: process.pid, source, hook: isHook ? "yes" : "no" },
    severity: isHigh ? "high" : isDecoded || isLifted ? "medium" : "low",
    behaviours: isDecoded
      ? isFetched
        ? ["obfuscated_execution", "download_execute"]
        : ["obfuscated_execution"]
      : ["download_execute"],
    key: isGiven ? `given ${process.process_key}` : `pipe ${inputPipeOf(job, process.process_key)}`,
  };
}

function program(process_key: number, path: string, more: object): Samples {
  return { event: "process_exec", process_key, parent_key: 1, path, ...more };
}

function curl(): Samples {
  return program(3, "/usr/bin/curl", { stdout_kind: "pipe", stdout_inode: 70 });
}

function decoder(): Samples {
  const pipe = { stdout_kind: "pipe", stdout_inode: 70 };
  return program(3, "/usr/bin/base64", { args: ["base64", "-d"], ...pipe });
}

function shell(process_key: number): Samples {
  const pipe = { stdin_kind: "pipe", stdin_inode: 70 };
  return program(process_key, "/usr/bin/dash", { args: ["sh"], ...pipe });
}

function forks(process_key: number, child_key: number): Samples {
  return { event: "process_fork", process_key, parent_key: process_key, child_key };
}
