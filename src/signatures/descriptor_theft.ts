import type { Severity } from "../engine/severity.ts";
import { defineSignature } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { access, child, listener, program, service, sibling, worker } from "./access_samples.ts";
import { baseName } from "./base_name.ts";
import {
  accessEvidence,
  accessText,
  isDebugger,
  isSameProgram,
  standingOf,
  targetKey,
} from "./other_process.ts";

/*
 * A descriptor is a file, a connection or a pipe with the rights of who opened it. Lists of
 * descriptors are read by lsof, fuser and ss of every process; only the runner's is said at all.
 */
export const descriptorTheft = defineSignature({
  id: "JW-113",
  name: "descriptor_theft",
  title: "Another Process's Descriptor Taken",
  severity: "high",
  behaviours: ["process_memory_access"],
  attack: ["T1134", "T1563"],
  doc: "A process of the job takes an open descriptor out of another process that it did not start.",
  why:
    "The runner's connections to GitHub and its pipe from Listener to Worker carry the job's secrets. " +
    "Who has a copy of the descriptor reads and writes them without any file or password.",
  benign: [
    "Frameworks that share memory between processes of one program: low.",
    "Supervisors of sandboxes take descriptors of what they started: nothing.",
    "Who lists all open files as root, as lsof does, lists the runner's too: low, and nothing for a " +
      "lister that is known by name.",
    "A script that prints to process 1, as is done in containers: low when that is not of the job.",
  ],
  evade: [
    "Have the descriptor sent over a unix socket by code within the other process.",
    "Open it by a relative path or a link to the entries of the other process in procfs.",
    "Have it taken by a process that is not of the job: such an edge is recorded.",
  ],
  events: ["process_access"],

  match(event, { process }) {
    if (event.way === "descriptor_list") return listed(event, process);
    const deed = deeds[event.way];
    if (deed === undefined) return undefined;
    const severity = severityOf(event, process);
    if (severity === undefined) return undefined;
    return {
      message: accessText(event, process, deed),
      evidence: accessEvidence(event),
      key: `${targetKey(event)} ${severity}`,
      severity,
    };
  },

  examples: {
    fires: [
      [program(2, "/tmp/x"), access(2, "take_descriptor", worker)],
      [program(2, "/tmp/x"), access(2, "take_descriptor", { ...listener, error: 1 })],
      [program(2, "/tmp/x"), access(2, "take_descriptor", service)],
      [program(2, "/tmp/x"), access(2, "take_descriptor", sibling)],
      [
        program(2, "/usr/bin/python3"),
        access(2, "take_descriptor", { ...sibling, target_path: "/usr/bin/python3" }),
      ],
      [program(2, "/usr/bin/ls"), access(2, "descriptor_list", worker)],
      [program(2, "/usr/bin/cat"), access(2, "descriptor_file", worker)],
      [program(2, "/usr/bin/cat"), access(2, "descriptor_file", service)],
      [program(2, "/usr/bin/dash"), access(2, "descriptor_file", { ...service, target_pid: 1 })],
    ],
    silent: [
      [program(2, "/usr/bin/lsof"), access(2, "descriptor_list", worker)],
      [program(2, "/usr/bin/ls"), access(2, "descriptor_list", service)],
      [program(2, "/tmp/x"), access(2, "take_descriptor", child)],
      [program(2, "/usr/bin/bash"), access(2, "descriptor_file", sibling)],
      [program(2, "/tmp/x"), access(2, "memory_file", worker)],
      [program(2, "/tmp/x"), access(2, "take_descriptor", { ...sibling, error: 1 })],
    ],
  },
});

type Access = EventNamed<"process_access">;

/** The ways that give a descriptor, and what a sentence calls them. */
const deeds: Readonly<Partial<Record<Access["way"], string>>> = {
  take_descriptor: "took a descriptor out of",
  descriptor_file: "opened what is behind a descriptor of",
};

function severityOf(event: Access, process: Process): Severity | undefined {
  const standing = standingOf(event);
  const isRefused = event.error !== 0;
  if (standing === "runner") return isRefused ? "high" : "critical";
  // Logs are written to process 1 by scripts that were made for containers.
  if (event.target_pid === 1 && event.way === "descriptor_file") return "low";
  if (standing === "foreign") return isRefused ? "medium" : "high";
  if (isRefused || standing === "own") return undefined;
  // `>/proc/PID/fd/1` prints to where another process of the job prints.
  if (event.way === "descriptor_file") return undefined;
  return isDebugger(process) || isSameProgram(event, process) ? "low" : "medium";
}

const listers: ReadonlySet<string> = new Set(["lsof", "fuser", "ss", "netstat", "procs", "htop"]);

function listed(event: Access, process: Process) {
  if (standingOf(event) !== "runner") return undefined;
  if (listers.has(baseName(process.path))) return undefined;
  return {
    message: accessText(event, process, "listed the descriptors of"),
    evidence: accessEvidence(event),
    key: `listed ${targetKey(event)}`,
    severity: "low",
  } as const;
}
