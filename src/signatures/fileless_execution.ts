import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { recordFlags } from "../events/schema.ts";
import { baseName } from "./base_name.ts";
import { programOf } from "./programs.ts";

/*
 * Container runtimes run a copy of themselves from memory, so that a container cannot change the
 * file on disk. Who is one is told by the executed file of the process before, or of its parent,
 * where only the system's administrator may write.
 */
export const filelessExecution = defineSignature({
  id: "JW-160",
  name: "fileless_execution",
  title: "Execution Without a File",
  severity: "high",
  behaviours: ["fileless_execution"],
  attack: ["T1620", "T1027.011"],
  doc: "A program ran from memory, from a deleted file or from one that never had a name.",
  why:
    "Nothing is left on disk that could be inspected later. Builds run programs from files; who " +
    "hides the file usually hides what it does.",
  benign: [
    "runc, crun, youki and LXC run themselves from memory: they are known, in their usual places.",
    "A system program that was replaced by an upgrade while it ran and starts itself again: low.",
    "Programs packed for distribution that unpack themselves into memory.",
  ],
  evade: [
    "Keep the file until the program runs, and delete it then: that is an ordinary dropped file.",
    "Map code into the memory of a program that is known to do so.",
    "With root, put a program in the place of a container runtime.",
  ],
  events: ["process_exec", "file_open"],

  match(event, job) {
    return event.event === "process_exec" ? atExec(event, job) : atOpen(event, job);
  },

  examples: {
    fires: [
      [memory(2, "memfd:x")],
      [{ ...memory(2, "/tmp/#123"), flags: 8 } as Samples],
      [memory(2, "/home/ci/app/gone")],
      [exec(1, "/tmp/runc"), { ...memory(2, "memfd:runc_cloned:/proc/self/exe"), parent_key: 1 }],
      [exec(1, "/usr/bin/runc"), { ...memory(2, "memfd:x"), parent_key: 1 }],
      [memory(2, "/usr/sbin/cron")],
      [
        {
          ...{ event: "process_exec", process_key: 2, path: "/usr/bin/dash", links: 1 },
          ...{ called_as: "/dev/fd/3", args: ["/bin/sh", "/dev/fd/3"] },
        },
      ],
      [
        {
          ...{ event: "process_exec", process_key: 2, path: "/usr/bin/python3.11", links: 1 },
          args: ["python3", "/proc/self/fd/3"],
        },
        { event: "file_open", process_key: 2, access: "read", path: "memfd:x", flags: 8 },
      ],
    ],
    silent: [
      [{ event: "process_exec", process_key: 2, path: "/usr/bin/make", links: 1 }],
      [
        exec(1, "/usr/bin/runc"),
        { ...memory(2, "memfd:runc_cloned:/proc/self/exe"), parent_key: 1 },
      ],
      [{ ...memory(2, "memfd:runc_cloned:/proc/self/exe"), args: ["runc", "init"] } as Samples],
      [exec(2, "/usr/sbin/runc"), memory(2, "memfd:runc_cloned:/proc/self/exe")],
      // `bash <(command)`: what is read is a pipe.
      [
        {
          ...{ event: "process_exec", process_key: 2, path: "/usr/bin/bash", links: 1 },
          ...{ called_as: "/bin/bash", args: ["bash", "/dev/fd/63"] },
        },
      ],
      [{ event: "file_open", process_key: 2, access: "read", path: "memfd:x", flags: 8 }],
      [memory(2, "/tmp/.mount_cursorX/AppRun")],
    ],
  },
});

function atExec(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  const { links, flags, path, called_as, args, process_key, parent_key, pid } = event;
  if (links > 0 && !(flags & recordFlags.nameless)) {
    if (isRuntime(path)) job.memory.set(`runtime ${process_key}`, 1);
    return isDescriptor.test(called_as) ? scriptOf(event) : undefined;
  }
  const runtime = [process_key, parent_key].some((key) => job.memory.get(`runtime ${key}`));
  // The first process of a container comes to the job as the runtime's copy of itself.
  const isKnown = runtime || (parent_key === 0 && isContainerInit(event));
  // The file system of an AppImage counts no links.
  if ((isKnown && isCopyOfRuntime.test(path)) || isImage.test(path)) return undefined;
  const where = path.startsWith("memfd:")
    ? `from memory (${path})`
    : `from ${path}, a deleted file`;
  return {
    message: `Process ${pid} ran a program ${where}, of which nothing is left on disk.`,
    evidence: { path, called_as, args: args.slice(0, 4).join(" ").slice(0, 200), pid },
    key: `exec ${path}`,
    ...(isSystem.test(path) && { severity: "low" }),
  };
}

const isDescriptor = /^\/(dev|proc\/(self|thread-self|\d+))\/fd\/\d+$/;
const isImage = /^\/tmp\/\.mount_/;
const isSystem = /^\/(usr|bin|sbin|lib|lib64|opt|snap)\//;
const isRuntimePlace = /^\/(usr\/(local\/)?|snap\/.*\/|opt\/.*\/)?s?bin\/|^\/usr\/lib\//;
const runtimes = new Set(
  "runc crun youki lxc-start lxc-attach lxc-execute podman buildah containerd-shim-runc-v2 runsc conmon kata-runtime dockerd buildkitd".split(
    " ",
  ),
);
const isRuntime = (path: string): boolean =>
  runtimes.has(baseName(path)) && isRuntimePlace.test(path);
const isCopyOfRuntime =
  /^memfd:(runc_cloned|libcrun|crun|youki|lxc|runsc|buildah|containers|podman)|\/(runc|crun)[^/]*$/;

const isContainerInit = ({ args }: EventNamed<"process_exec">): boolean =>
  args.length <= 3 && args[1] === "init";

/** A script that was executed by its descriptor: its interpreter reads that again. */
function scriptOf({ path, called_as, args, pid }: EventNamed<"process_exec">): Match | undefined {
  if (!args.slice(1).includes(called_as)) return undefined;
  return {
    message: `Process ${pid} ran a script by a descriptor (${called_as}) with ${path}, not by a file's name.`,
    evidence: { path, called_as, pid },
    key: `script ${path}`,
    severity: "medium",
  };
}

/** An interpreter that was told to run a descriptor, and opens memory by it. */
function atOpen(event: EventNamed<"file_open">, { process }: JobContext): Match | undefined {
  if (!(event.flags & recordFlags.nameless) || !event.path.startsWith("memfd:")) return undefined;
  if (!process.args.some((arg) => isDescriptor.test(arg))) return undefined;
  const { name, kind, code } = programOf(process.path, process.args);
  if ((kind !== "shell" && kind !== "interpreter") || code.from === "argument") return undefined;
  return {
    message: `${name} (pid ${process.pid}) ran a script from memory (${event.path}), which is in no file.`,
    evidence: { path: event.path, program: process.path, pid: process.pid },
    key: `script ${event.path}`,
  };
}

function exec(process_key: number, path: string) {
  return { event: "process_exec", process_key, path, links: 1 } as const satisfies Samples;
}

function memory(process_key: number, path: string) {
  return { event: "process_exec", process_key, path, links: 0 } as const satisfies Samples;
}
