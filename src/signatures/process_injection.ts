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
 * A debugger reads a word before it replaces it by a breakpoint, because it has to put it back; and
 * it is the tracer of what it writes to. Who writes without either into a process that it started
 * has no use for what was there: it started a shell for other code.
 */
export const processInjection = defineSignature({
  id: "JW-111",
  name: "process_injection",
  title: "Another Process's Memory Written",
  severity: "high",
  behaviours: ["process_injection"],
  attack: ["T1055.008", "T1055.009", "T1055.012"],
  doc:
    "A process of the job writes to the memory or registers of another process, or opens its memory " +
    "for writing.",
  why:
    "Code that is written into another process runs under that process's name and with its rights: " +
    "in the runner it sees the secrets of every later job, in a service it leaves the job. In a " +
    "process that was started only for it, it hides what really runs.",
  benign: [
    "Debuggers set breakpoints in what they debug: nothing for one that is known by name and started " +
      "the process, low for another that reads before it writes.",
    "Supervisors of sandboxes that answer a child's system calls write into its memory; a supervisor " +
      "that is not known by name and opens the child's memory for it is medium.",
    "Programs of parallel computing write into ranks of the same program: low.",
    "An administrator's job that debugs a service of the host.",
  ],
  evade: [
    "Take the name of a debugger, within a job.",
    "Start the process, become its tracer, and read each word before it is replaced: low.",
    "Make the other process load code by itself: a preloaded library, shared memory, a plug-in.",
  ],
  events: ["process_access"],

  match(event, job) {
    const { memory, process } = job;
    const deed = deeds[event.way];
    if (isRead(event)) memory.set(pairOf(event), 1);
    if (deed === undefined || event.access === "read") return undefined;
    const severity = severityOf(event, job);
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
      [program(2, "/tmp/x"), access(2, "write_memory", worker)],
      [program(2, "/tmp/x"), access(2, "memory_file", { ...listener, access: "read_write" })],
      [program(2, "/tmp/x"), access(2, "vm_write", { ...worker, error: 1 })],
      [program(2, "/usr/bin/gdb"), access(2, "write_registers", service)],
      [program(2, "/tmp/x"), access(2, "vm_write", sibling)],
      [program(2, "/tmp/x"), access(2, "write_memory", parent)],
      [program(2, "/usr/bin/gdb"), access(2, "write_memory", sibling)],
      // Hollowing: a child is stopped and filled with other code.
      [
        program(2, "/tmp/x"),
        access(2, "read_registers", { ...child, traced: "yes" }),
        access(2, "write_memory", { ...child, traced: "yes" }),
      ],
      [program(2, "/usr/bin/python3"), access(2, "memory_file", { ...child, access: "write" })],
      // A debugger that nobody knows sets a breakpoint.
      [
        program(2, "/tmp/x"),
        access(2, "read_memory", { ...child, traced: "yes" }),
        access(2, "write_memory", { ...child, traced: "yes" }),
      ],
    ],
    silent: [
      [program(2, "/usr/bin/gdb"), access(2, "memory_file", { ...child, access: "read_write" })],
      [program(2, "/usr/bin/dlv"), access(2, "write_memory", { ...child, traced: "yes" })],
      [program(2, "/tmp/x"), access(2, "write_registers", { ...child, traced: "yes" })],
      [program(2, "/tmp/x"), access(2, "memory_file", { ...worker, access: "read" })],
      [program(2, "/tmp/x"), access(2, "vm_read", worker)],
      [program(2, "/tmp/x"), access(2, "vm_write", { ...sibling, error: 1 })],
    ],
  },
});

type Access = EventNamed<"process_access">;

/** The ways that write, and what a sentence calls them. */
const deeds: Readonly<Partial<Record<Access["way"], string>>> = {
  write_memory: "wrote to the memory of",
  write_registers: "changed the registers of",
  vm_write: "wrote to the memory of",
  memory_file: "opened for writing the memory of",
};

const isRead = ({ way, access }: Access): boolean =>
  way === "read_memory" || way === "vm_read" || (way === "memory_file" && access !== "write");

const pairOf = (event: Access): string => `read ${event.process_key} ${targetKey(event)}`;

function severityOf(event: Access, job: JobContext): Severity | undefined {
  const standing = standingOf(event);
  const isRefused = event.error !== 0;
  if (standing === "runner") return isRefused ? "high" : "critical";
  if (standing === "foreign") return isRefused ? "medium" : "high";
  if (isRefused) return undefined;
  if (standing === "own") return severityOfOwn(event, job);
  // A debugger opens the memory for both at once, also when it only looks.
  if (isDebugger(job.process)) return event.way === "memory_file" ? undefined : "low";
  return event.way === "vm_write" && isSameProgram(event, job.process) ? "low" : "medium";
}

function severityOfOwn(event: Access, { memory, process }: JobContext): Severity | undefined {
  const { way, traced } = event;
  // Registers alone make a process go on elsewhere in its own code, as each debugger does.
  if (isDebugger(process) || way === "write_registers") return undefined;
  if (isSameProgram(event, process)) return "low";
  return traced === "yes" && memory.get(pairOf(event)) !== undefined ? "low" : "medium";
}
