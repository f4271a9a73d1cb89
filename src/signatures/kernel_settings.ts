import type { Behaviour } from "../engine/behaviours.ts";
import type { Severity } from "../engine/severity.ts";
import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import { baseName } from "./base_name.ts";

export const kernelSettings = defineSignature({
  id: "JW-202",
  name: "kernel_settings",
  title: "Kernel Settings Changed",
  severity: "high",
  behaviours: ["kernel_tampering"],
  attack: ["T1562.001", "T1611"],
  doc:
    "A process of the job writes a file of /proc or /sys by which the kernel is told what to run by " +
    "itself, what to hide, whom to trust, or what to trace.",
  why:
    "The kernel runs what core_pattern, modprobe, hotplug, uevent_helper and release_agent name as root " +
    "and outside of every container: whoever writes one of these owns the machine. Others take away " +
    "what protects processes from each other.",
  benign: [
    "A job that wants core dumps at another place sets core_pattern. When `sysctl` sets a value that is " +
      "no pipe, this is reported as low; what a shell or tee writes there is not known.",
    "Profilers, debuggers and sanitizers ask for perf_event_paranoid, kptr_restrict, mmap_rnd_bits or " +
      "randomize_va_space: reported as low. So is what a browser's sandbox needs of AppArmor.",
    "Tests that use ftrace or kprobes.",
  ],
  evade: [
    "Have a process that is not followed write it.",
    "Open the file before, by a process that is not followed, and receive the descriptor.",
    "Mount /proc elsewhere: the path is then another one from its root on, and still ends alike.",
    "Give `sysctl` a harmless value in its arguments and the harmful one in a file.",
  ],
  events: ["file_open", "file_write"],

  match(event, job) {
    if (event.event === "file_open" && event.access === "read") return undefined;
    if (!mayBeSetting.test(event.path)) return undefined;
    const setting = settings.find(([path]) => path.test(event.path));
    return setting && found(event.path, setting, job);
  },

  examples: {
    fires: [
      [writes("/proc/sys/kernel/core_pattern")],
      [writes("/tmp/p/sys/kernel/core_pattern")],
      [writes("/sys/fs/cgroup/rdma/x/release_agent")],
      [writes("/sys/kernel/uevent_helper")],
      [writes("/proc/sysrq-trigger")],
      [opens("/proc/sys/kernel/yama/ptrace_scope", "write")],
      [writes("/sys/kernel/tracing/kprobe_events")],
      [writes("/sys/kernel/debug/tracing/tracing_on")],
      [sysctl("kernel.core_pattern=/tmp/core.%p"), writes("/proc/sys/kernel/core_pattern")],
    ],
    silent: [
      [opens("/proc/sys/kernel/core_pattern", "read")],
      [writes("/proc/sys/vm/max_map_count")],
      [writes("/proc/sys/net/ipv4/ip_forward")],
      [writes("/proc/12/oom_score_adj")],
      [writes("/home/u/core_pattern")],
      [writes("/sys/fs/cgroup/job/cgroup.procs")],
    ],
  },
});

/** Rejects nearly all paths. */
const mayBeSetting =
  /\/sys\/(kernel|module|firmware|power|fs|vm)\/|\/(sysrq-trigger|release_agent|uevent_helper|notify_on_release|binfmt_misc\/register)$|\/tracing\//;

type Setting = readonly [RegExp, Severity, string, readonly [Behaviour, ...Behaviour[]]];
const run = (path: RegExp): Setting => [
  path,
  "critical",
  "names a program that the kernel runs as root",
  ["container_escape", "kernel_tampering"],
];
const tampers = (path: RegExp, severity: Severity, what: string): Setting => [
  path,
  severity,
  what,
  ["kernel_tampering"],
];

/** The first that fits counts. /proc may be mounted anywhere, so the beginning is not compared. */
const settings: readonly Setting[] = [
  run(/\/sys\/kernel\/(core_pattern|modprobe|hotplug|poweroff_cmd|usermodehelper\/[^/]+)$/),
  run(/^\/sys\/(.*\/)?uevent_helper$/),
  run(/\/release_agent$/),
  tampers(/^\/proc\/sysrq-trigger$/, "high", "makes the kernel stop, restart or kill at once"),
  tampers(/\/sys\/fs\/binfmt_misc\/register$/, "low", "names a program that runs others' files"),
  tampers(
    /\/sys\/kernel\/(yama\/ptrace_scope)$/,
    "medium",
    "decides whether processes may read each other's memory",
  ),
  tampers(
    /\/sys\/kernel\/(dmesg_restrict|kptr_restrict|perf_event_paranoid|randomize_va_space|unprivileged_\w+|apparmor_restrict_\w+|kexec_load_disabled|bpf_stats_enabled|ftrace_enabled)$|\/sys\/vm\/(mmap_rnd_bits|mmap_min_addr)$/,
    "low",
    "takes away what protects the kernel or processes",
  ),
  tampers(
    /\/tracing\/(.*\/)?(\w*_events|current_tracer|tracing_on|set_event|set_ftrace_filter|trace|enable|filter)$/,
    "high",
    "changes what the kernel traces",
  ),
  tampers(
    /^\/sys\/kernel\/(security|debug)\/(?!.*\/tracing\/)/,
    "medium",
    "steers the kernel itself",
  ),
  tampers(/^\/sys\/firmware\/efi\/efivars\//, "high", "changes how the machine starts"),
];

function found(path: string, [, usual, what, behaviours]: Setting, { process }: JobContext): Match {
  const name = baseName(path);
  const severity = isPlainValue(name, process.args) ? "low" : usual;
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid}) writes ${path}, which ${what}.`,
    evidence: { path, program: process.path },
    severity,
    behaviours,
    key: `${process.path} ${path}`,
  };
}

/** Whether the program's own arguments set this name to something that is no pipe to a program. */
const isPlainValue = (name: string, args: readonly string[]): boolean =>
  name === "core_pattern" && args.some((arg) => /^kernel[./]core_pattern=(?!\s*\|)/.test(arg));

function writes(path: string): Samples {
  return { event: "file_write", process_key: 1, path };
}

function opens(path: string, access: "read" | "write"): Samples {
  return { event: "file_open", process_key: 1, path, access };
}

function sysctl(...args: string[]): Samples {
  return { event: "process_exec", process_key: 1, path: "/usr/sbin/sysctl", args };
}
