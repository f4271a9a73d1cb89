import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { access, child, listener, program, service, sibling, worker } from "./access_samples.ts";
import { accessEvidence, accessText, standingOf, targetKey } from "./other_process.ts";
import { programOf } from "./programs.ts";
import { showsEnvironment } from "./ps_options.ts";

/*
 * The environment of processes outside of the job is not the job's to read; how many were read tells
 * a look at one service from a harvest. They are counted in the job and not in the process, because
 * a loop in a shell starts a process for each.
 */
export const environmentHarvest = defineSignature({
  id: "JW-112",
  name: "environment_harvest",
  title: "Environment of Other Processes Read",
  severity: "high",
  behaviours: ["env_harvest"],
  attack: ["T1552", "T1057", "T1003.007"],
  doc:
    "A process of the job reads the environment of the runner, of another job, or of processes that " +
    "are of no job.",
  why:
    "Secrets are handed to programs in their environment. Whoever reads it of other processes gets " +
    "the secrets of other jobs, of the runner and of the services of the host.",
  benign: [
    "What finds out whether it is in a container reads the environment of process 1: nothing.",
    "`ps` reads the environment of all processes, whatever it shows: nothing, unless it is asked to " +
      "show that of processes beside those of its terminal.",
    "needrestart, which apt runs, reads that of all interpreters: low.",
    "Scripts that look for the address of a session's bus, or for processes that they have marked.",
  ],
  evade: [
    "Read the memory in which the environment is: another signature's.",
    "Have it read by a process that is not of the job: such an edge is recorded.",
    "Call the script needrestart, which makes all but the runner's environment low.",
    "In a job that is no runner's, take the name and place of a Worker, which is a finding of its own.",
  ],
  events: ["process_access"],

  match(event, job) {
    if (event.way !== "environment") return undefined;
    const standing = standingOf(event);
    const { process } = job;
    if (standing === "own" || standing === "parent" || isOnlyListing(process)) return undefined;
    if (isOwnWorker(process)) return undefined;
    // Who may not is told of each process of others; the runner is what is looked for.
    if (event.error !== 0 && standing !== "runner") return undefined;
    if (standing === "runner") return judgeRunner(event, process);
    if (event.relation === "other_job") return found(event, process, "high", "other job");
    return standing === "sibling" ? judgeSibling(event, job) : judgeForeign(event, job);
  },

  examples: {
    fires: [
      [program(2, "/usr/bin/cat"), access(2, "environment", worker)],
      [program(2, "/usr/bin/python3"), access(2, "environment", listener)],
      [program(2, "/usr/bin/ps", "auxeww"), access(2, "environment", listener)],
      [program(2, "/usr/bin/ps", "eww", "50"), access(2, "environment", worker)],
      [program(2, "/usr/bin/cat"), access(2, "environment", { relation: "other_job" })],
      [program(2, "/usr/bin/cat"), access(2, "environment", service)],
      [
        program(2, "/usr/bin/perl", "/usr/sbin/needrestart"),
        access(2, "environment", { ...service, target_pid: 51 }),
      ],
      [program(2, "/usr/bin/cat"), another(51), another(52), another(53)],
      [program(2, "/usr/bin/cat"), access(2, "environment", { ...listener, error: 13 })],
    ],
    silent: [
      [program(2, "/usr/bin/systemd-detect-virt"), access(2, "environment", pid1())],
      [program(2, "/usr/bin/ps", "e"), access(2, "environment", worker)],
      [program(2, "/usr/bin/ps", "aux"), access(2, "environment", worker)],
      [program(2, "/usr/bin/cat"), access(2, "environment", { ...service, error: 13 })],
      [program(1, "/srv/r/bin/Runner.Worker"), access(1, "environment", service)],
      [program(2, "/usr/bin/cat"), access(2, "environment", child)],
      [program(2, "/usr/bin/cat"), access(2, "environment", sibling)],
      [program(2, "/usr/bin/cat"), another(51), another(52), another(51)],
      [program(2, "/usr/bin/cat"), access(2, "maps", worker)],
    ],
  },
});

type Access = EventNamed<"process_access">;

function another(target_pid: number) {
  return access(2, "environment", { ...sibling, target_pid });
}

function pid1() {
  return { ...service, target_pid: 1, target_path: "/usr/lib/systemd/systemd" };
}

function found(
  event: Access,
  process: Process,
  severity: NonNullable<Match["severity"]>,
  key: string,
): Match {
  return {
    message: accessText(event, process, "read the environment of"),
    evidence: accessEvidence(event),
    key,
    severity,
  };
}

function judgeRunner(event: Access, process: Process): Match {
  const severity = event.error === 0 ? "high" : "medium";
  return found(event, process, severity, `runner ${targetKey(event)} ${severity}`);
}

/** So many are no look at one of them. */
const harvest = 3;

/** How many processes of one kind have been read in this job, this one included. */
function countOf(kind: string, event: Access, { memory }: JobContext): number {
  const known = `${kind} ${targetKey(event)}`;
  const before = memory.get(kind) ?? 0;
  if (memory.get(known) !== undefined) return before;
  memory.set(known, 1);
  memory.set(kind, before + 1);
  return before + 1;
}

function judgeForeign(event: Access, job: JobContext): Match | undefined {
  const { process } = job;
  if (isNeedrestart(process)) return found(event, process, "low", "needrestart");
  const count = countOf("foreign", event, job);
  if (count >= harvest) {
    const all = found(event, process, "high", "harvest");
    const message = all.message.replace(/\.$/, `, and the job that of ${count - 1} others.`);
    return { ...all, message, evidence: { ...all.evidence, count } };
  }
  // It is asked for `container=` by all that want to know where they are.
  if (event.target_pid === 1) return undefined;
  return found(event, process, "medium", `foreign ${targetKey(event)}`);
}

/** Other processes of the job have what the job has, or what a tool was given alone. */
function judgeSibling(event: Access, job: JobContext): Match | undefined {
  if (countOf("sibling", event, job) < harvest) return undefined;
  return found(event, job.process, "low", "siblings");
}

const isNeedrestart = ({ args }: Process): boolean =>
  args.slice(0, 2).some((arg) => /(^|\/)needrestart(\/|$)/.test(arg));

/**
 * The job's own Worker looks at the end for what the job has left, by the environment of all. The
 * kernel does not tell of it, unless the agent came when the Worker was there.
 */
const isOwnWorker = ({ path, step_key }: Process): boolean =>
  step_key === 0 && /\/bin(\.[\d.]+)?\/Runner\.Worker$/.test(path);

/** `ps` reads the environment of all processes, whether it is to show it or not. */
const isOnlyListing = ({ path, args }: Process): boolean =>
  programOf(path, args).name === "ps" && !showsEnvironment(args);
