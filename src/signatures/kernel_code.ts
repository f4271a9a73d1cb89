import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";

type KernelCall = EventNamed<"kernel_call">;

export const kernelCode = defineSignature({
  id: "JW-200",
  name: "kernel_code",
  title: "Code Brought into the Kernel",
  severity: "high",
  behaviours: ["kernel_tampering"],
  attack: ["T1547.006", "T1014"],
  doc:
    "A process of the job loads or removes a kernel module, starts another kernel, or loads or " +
    "attaches a BPF program, or tries to. Programs that look at the BPF programs of others, or take " +
    "them by id or by pin, are reported too.",
  why:
    "Code in the kernel sees and changes everything on the machine, hides processes and files, and " +
    "outlives the job. A build that only compiles such code does not load it.",
  benign: [
    "Jobs that test kernel modules or BPF programs, or trace with bpftrace: they do load them.",
    "Container runtimes of the job, which load a BPF program that says what devices a container may " +
      "use: reported as low.",
    "`modprobe` of a module that the kernel has, for a test that needs a file system or a loop device.",
    "`bpftool`, `ip` and `ss` look at BPF objects: reported as low.",
  ],
  evade: [
    "Have the kernel load a module by itself, by using what needs it, such as a rare socket family.",
    "Name the program that loads BPF programs as a container runtime is named.",
    "Have a process that is not followed do it.",
  ],
  events: ["kernel_call"],

  match(event, job) {
    switch (event.action) {
      case "module_load":
      case "module_unload":
      case "kexec":
        return asked(event, job, words[event.action], "high");
      case "bpf":
        return bpf(event, job);
      default:
        return undefined;
    }
  },

  examples: {
    fires: [
      [calls({ action: "module_load", error: 1, file: "/tmp/rootkit.ko" })],
      [calls({ action: "module_unload", name: "falco" })],
      [calls({ action: "kexec", error: 1 })],
      [calls({ action: "bpf", command: 5, type: 1, name: "x" })],
      [calls({ action: "bpf", command: 28, type: 24 })],
      [calls({ action: "bpf", command: 9, type: 24 })],
      [calls({ action: "bpf", command: 13 })],
      [exec("/usr/bin/crun"), calls({ action: "bpf", command: 5, type: 15 })],
    ],
    silent: [
      [calls({ action: "bpf", command: 0 })],
      [calls({ action: "bpf", command: 18 })],
      [calls({ action: "perf_event" })],
      [calls({ action: "key", command: 1 })],
    ],
  },
});

const words = {
  module_load: "load a kernel module",
  module_unload: "remove a kernel module",
  kexec: "start another kernel",
} as const;

function asked(
  { error, name, file, action, command, type }: KernelCall,
  { process }: JobContext,
  what: string,
  severity: "low" | "high",
): Match {
  const object = file || name;
  return {
    message:
      `${baseName(process.path) || "A process"} (pid ${process.pid}) ` +
      `${error === 0 ? "asked the kernel to" : "tried, and failed, to"} ${what}` +
      `${object ? `: ${object}` : ""}.`,
    evidence: { action, command, type, error, name, file },
    severity,
    key: `${action} ${what} ${process.path} ${error === 0}`,
  };
}

/** What of the commands of bpf (uapi/linux/bpf.h) says that somebody does more than use a map. */
const changing: ReadonlyMap<number, string> = new Map([
  [5, "load a BPF program"],
  [8, "attach a BPF program"],
  [9, "detach a BPF program"],
  [17, "attach a BPF program to a tracepoint"],
  [28, "attach a BPF program"],
  [29, "replace an attached BPF program"],
  [34, "detach a BPF program"],
]);
/** Ids, and what they lead to: everybody's, the agent's too. */
const looking: ReadonlySet<number> = new Set([7, 11, 12, 13, 14, 19, 20, 23, 30, 31]);
const cgroupDevice = 15;
const cgroupDeviceAttach = 6;

function bpf(event: KernelCall, job: JobContext): Match | undefined {
  const what = changing.get(event.command);
  if (what !== undefined) return asked(event, job, what, isOfRuntime(event, job) ? "low" : "high");
  if (!looking.has(event.command)) return undefined;
  return asked(event, job, "look at BPF objects that others made", "low");
}

function isOfRuntime({ type, command }: KernelCall, { process }: JobContext): boolean {
  if (!runtimes.has(baseName(process.path))) return false;
  return command === 5 ? type === cgroupDevice : type === cgroupDeviceAttach || type === 0;
}
const runtimes = new Set("crun runc youki podman buildah systemd-nspawn lxc-start".split(" "));

function calls(fields: Partial<KernelCall>): Samples {
  return { event: "kernel_call", process_key: 1, ...fields };
}

function exec(path: string): Samples {
  return { event: "process_exec", process_key: 1, path };
}
