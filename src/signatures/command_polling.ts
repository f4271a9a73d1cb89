import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { fires, silent } from "./command_polling_examples.ts";
import { nameOf, namesOf } from "./known_tools.ts";
import { programOf } from "./programs.ts";
import { noteDuplicate, noteExec, stdioOf } from "./stdio_pipes.ts";

/*
 * An agent of somebody fetches a command, runs it, keeps what it prints, sends that back, and begins
 * anew. What is fetched cannot be seen; the rhythm can: a process, or children of it, connects to
 * one peer, something is run whose output does not go where the process's own goes, and the same
 * peer is connected to again. Scripts that download and unpack in a loop let the output through;
 * those that report in a loop connect once a round. So the rhythm counts when each round has one
 * connection to fetch and one to send, or when what is run looks the machine over.
 */
export const commandPolling = defineSignature({
  id: "JW-151",
  name: "command_polling",
  title: "Commands Polled from a Network Peer",
  severity: "high",
  behaviours: ["c2_channel"],
  attack: ["T1071.001", "T1059", "T1102"],
  doc: "A process asked one peer again and again, and each time ran something whose output it kept.",
  why:
    "This is how a planted agent works: it asks its owner for commands, runs them on the runner and " +
    "sends back what they print.",
  benign: [
    "A deployment script that asks a service, runs a program and reports to the same service, in a loop.",
    "Tests of a job runner or of a management agent.",
  ],
  evade: [
    "Keep one connection open for all commands, or use another peer each time.",
    "Run commands without starting a program.",
    "Give up after two commands.",
  ],
  events: ["process_exec", "descriptor_duplicate", "socket_connect"],

  match(event, job) {
    switch (event.event) {
      case "process_exec":
        noteExec(event, job);
        noteRun(event, job);
        return undefined;
      case "descriptor_duplicate":
        noteDuplicate(event, job);
        return undefined;
      case "socket_connect":
        if (event.type !== "stream" || event.peer === "") return undefined;
        return atConnect(event, job);
    }
  },

  examples: { fires, silent },
});

const enoughRounds = 3;

const lookers = namesOf(
  "id whoami groups uname hostname hostnamectl ps top w who last env printenv ls cat ifconfig ip " +
    "netstat ss arp route lsblk mount df lscpu getent",
);

/** Programs whose output the parent keeps, and the shell in between if there is one. */
function noteRun(event: EventNamed<"process_exec">, job: JobContext): void {
  const { memory, process } = job;
  const output = stdioOf(job, process, 1);
  const looks = lookOf(event);
  let at = job.processOf(process.parent_key);
  for (let back = 0; at && back < 2; back++) {
    if (stdioOf(job, at, 1) !== output || event.stdout_kind === "file") {
      memory.set(`run ${process.process_key}`, at.process_key);
      memory.set(`counts ${process.process_key} ${at.process_key}`, 1);
      add(job, `runs ${at.process_key}`, 1);
      if (looks && memory.get(`look ${at.process_key} ${looks}`) === undefined) {
        memory.set(`look ${at.process_key} ${looks}`, 1);
        add(job, `looks ${at.process_key}`, 1);
      }
    }
    at = job.processOf(at.parent_key);
  }
}

/** The program that looks the machine over, also when a shell is told to run it. */
function lookOf({ path, args }: EventNamed<"process_exec">): string | undefined {
  const { name, code } = programOf(path, args);
  if (code.from !== "argument") return lookers.has(name) ? name : undefined;
  const word = /^\s*([\w./-]+)/.exec(code.text)?.[1] ?? "";
  const program = baseName(word);
  return lookers.has(program) ? program : undefined;
}

function atConnect(event: EventNamed<"socket_connect">, job: JobContext): Match | undefined {
  let at: Process | undefined = job.process;
  forgetRun(at, job);
  // The process itself; who started the client; and who started a subshell for it.
  for (let back = 0; at && back < 3; back++) {
    if (isRound(`${at.process_key} ${event.peer}`, at, job)) return found(at, event.peer, job);
    // What a program does that was run is its own affair.
    if (back === 0 && isCommand(at, job)) return undefined;
    at = job.processOf(at.parent_key);
    if (at && isCommand(at, job)) return undefined;
  }
  return undefined;
}

/** What connects by itself was no command, but the client that fetches them. */
function forgetRun(client: Process, job: JobContext): void {
  const { memory } = job;
  let at = job.processOf(client.parent_key);
  for (let back = 0; at && back < 2; back++) {
    const key = `counts ${client.process_key} ${at.process_key}`;
    if (memory.get(key) === 1) {
      memory.set(key, 0);
      add(job, `runs ${at.process_key}`, -1);
    }
    at = job.processOf(at.parent_key);
  }
}

/** A shell that was told what to do, and whose output somebody keeps. */
const isCommand = (process: Process, { memory }: JobContext): boolean =>
  memory.get(`run ${process.process_key}`) !== undefined &&
  programOf(process.path, process.args).code.from === "argument";

function isRound(key: string, { process_key }: Process, job: JobContext): boolean {
  const runs = rise(job, `runs ${process_key}`, key);
  const looks = rise(job, `looks ${process_key}`, key);
  const connections = add(job, `since ${key}`, 1);
  if (runs <= 0) return false;
  job.memory.set(`since ${key}`, 1);
  const rounds = add(job, `rounds ${key}`, 1);
  // Before the first command there was nothing to send.
  const isWhole = connections > (rounds === 1 ? 1 : 2);
  const whole = add(job, `whole ${key}`, isWhole ? 1 : 0);
  const looking = add(job, `looking ${key}`, looks > 0 ? 1 : 0);
  return rounds >= enoughRounds && (whole >= rounds || looking >= enoughRounds);
}

/** By how much a count has grown since it was asked for the same key; 0 at first. */
function rise({ memory }: JobContext, count: string, key: string): number {
  const now = memory.get(count) ?? 0;
  const before = memory.get(`${count} for ${key}`) ?? now;
  memory.set(`${count} for ${key}`, now);
  return now - before;
}

function add({ memory }: JobContext, key: string, amount: number): number {
  const sum = (memory.get(key) ?? 0) + amount;
  memory.set(key, sum);
  return sum;
}

function found(agent: Process, peer: string, { memory }: JobContext): Match {
  const rounds = memory.get(`rounds ${agent.process_key} ${peer}`) ?? 0;
  return {
    message: `${nameOf(agent)} (pid ${agent.pid}) asked ${peer} again and again, and each time ran something and kept its output.`,
    evidence: { peer, rounds, agent: agent.path, agent_pid: agent.pid },
    key: `${agent.process_key} ${peer}`,
  };
}
