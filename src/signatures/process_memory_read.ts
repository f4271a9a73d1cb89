import type { Severity } from "../engine/severity.ts";
import { defineSignature, type JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import {
  access,
  child,
  listener,
  parent,
  program,
  service,
  sibling,
  worker,
} from "./access_samples.ts";
import {
  accessEvidence,
  accessText,
  isDebugger,
  isSameProgram,
  standingOf,
  targetKey,
} from "./other_process.ts";

/*
 * Whose memory it is decides, and not by which call it is read. The kernel tells the relation of the
 * two processes; what every `ps` reads of others is no event at all.
 */
export const processMemoryRead = defineSignature({
  id: "JW-110",
  name: "process_memory_read",
  title: "Another Process's Memory Read",
  severity: "high",
  behaviours: ["process_memory_access"],
  attack: ["T1003.007", "T1057"],
  doc:
    "A process of the job attaches to another process that it did not start, or opens or reads its " +
    "memory or registers.",
  why:
    "The runner keeps every secret of the job in its memory, also those that no step is given, and " +
    "the tokens by which packages are published. Attacks on actions read them there and print them " +
    "into the log. No build needs the memory of a process outside of the job.",
  benign: [
    "Debugging a process that the debugger started itself: low, and nothing when the debugger is " +
      "known by name. Such a debugger on another process of the job is low.",
    "A crash handler or a profiler of the job's own processes: low when it reads its parent, medium " +
      "when it reads others and its name is not known.",
    "An administrator's job that debugs or dumps a service of the host.",
    "The tests of the runner itself, which start programs of its name.",
  ],
  evade: [
    "Have it read by a process that is not of the job, such as one started through systemd: such an " +
      "edge is recorded.",
    "Within a job, take the name of a debugger, or be the same program as the one that is read.",
    "Make the kernel dump the runner's core, or ask .NET's diagnostics socket of the runner for it.",
    "A refused open of procfs is seen only by its plain name, such as /proc/12/mem.",
  ],
  events: ["process_access"],

  match(event, { process }) {
    const deed = deeds[event.way];
    if (deed === undefined || event.access === "write") return undefined;
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
      [program(2, "/usr/bin/python3.11"), access(2, "memory_file", { ...worker, access: "read" })],
      [program(2, "/tmp/x"), access(2, "vm_read", listener)],
      [program(2, "/tmp/x"), access(2, "attach", worker)],
      [program(2, "/usr/bin/gdb"), access(2, "attach", listener)],
      [program(2, "/tmp/x"), access(2, "attach", { ...worker, error: 1 })],
      [program(2, "/usr/bin/gdb"), access(2, "memory_file", { ...service, access: "read_write" })],
      [program(2, "/usr/bin/cat"), access(2, "memory_file", { relation: "other_job" })],
      // A runner that the agent does not know, and a script that only has the name.
      [program(2, "/tmp/x"), access(2, "vm_read", { ...sibling, target_path: "/t/Runner.Worker" })],
      [program(2, "/tmp/x"), access(2, "vm_read", { ...sibling, target_comm: "Runner.Worker" })],
      [program(2, "/tmp/x"), access(2, "vm_read", sibling)],
      [program(2, "/tmp/x"), access(2, "memory_file", { ...sibling, target_path: "/tmp/x" })],
      [program(2, "/usr/bin/gdb"), access(2, "attach", sibling)],
      [program(2, "/tmp/x"), access(2, "vm_read", parent)],
      [program(2, "/tmp/x"), access(2, "read_memory", child)],
    ],
    silent: [
      // Known debuggers, on what the job started.
      [program(2, "/usr/bin/gdb"), access(2, "memory_file", { ...child, access: "read_write" })],
      [program(2, "/usr/bin/strace"), access(2, "vm_read", child)],
      [program(2, "/usr/bin/lldb-server-16"), access(2, "attach", child)],
      [program(2, "/opt/app/createdump"), access(2, "memory_file", { ...parent, access: "read" })],
      // Another signature's.
      [program(2, "/tmp/x"), access(2, "memory_file", { ...worker, access: "write" })],
      [program(2, "/usr/bin/lsof"), access(2, "maps", worker)],
      [program(2, "/usr/bin/lsof"), access(2, "descriptor_list", service)],
      [program(2, "/tmp/x"), access(2, "attach", { ...child, error: 1 })],
    ],
  },
});

type Access = EventNamed<"process_access">;

/** The ways that read, and what a sentence calls them. */
const deeds: Readonly<Partial<Record<Access["way"], string>>> = {
  attach: "attached to",
  read_memory: "read the memory of",
  read_registers: "read the registers of",
  vm_read: "read the memory of",
  memory_file: "opened the memory of",
};

function severityOf(event: Access, process: JobContext["process"]): Severity | undefined {
  const standing = standingOf(event);
  const isRefused = event.error !== 0;
  if (standing === "runner") return isRefused ? "high" : "critical";
  if (standing === "foreign") return isRefused ? "medium" : "high";
  if (isRefused) return undefined;
  if (standing !== "sibling") return isDebugger(process) ? undefined : "low";
  if (isDebugger(process)) return "low";
  // Ranks of MPI read each other's memory by this call, and never by its file.
  return event.way === "vm_read" && isSameProgram(event, process) ? "low" : "medium";
}
