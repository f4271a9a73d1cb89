import {
  defineSignature,
  type JobContext,
  type Match,
  type Memory,
  type Samples,
} from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";

export const privilegeGained = defineSignature({
  id: "JW-211",
  name: "privilege_gained",
  title: "Became Root by Another Way",
  severity: "high",
  behaviours: ["privilege_escalation"],
  attack: ["T1548.001", "T1068"],
  doc:
    "A process of the job got the rights of root from a set-id program that is none of the system's, or " +
    "became root in the middle of a call without ever having been it: the kernel was exploited.",
  why:
    "A job that may become root by sudo needs no other way. Who makes a way of its own wants it to last, " +
    "or was not allowed to.",
  benign: [
    "The sandbox of Chromium and Electron is a set-id program within the project: reported as low.",
    "The project is a set-id program, and is tested where it was built.",
  ],
  evade: [
    "Put the set-id program where those of the system are: making it is reported by itself.",
    "Give the program capabilities by its file instead of the bit.",
    "Become root by an exploit in a process that has been root before, such as one below sudo.",
  ],
  events: ["process_exec", "credential_change"],

  match(event, job) {
    if (event.event === "process_exec") return atExec(event, job);
    if (event.old_euid === 0) remember(event.process_key, job.memory);
    if (event.euid !== 0 || event.old_euid === 0) return undefined;
    return atChange(event, job);
  },

  examples: {
    fires: [
      [exec(1, "/bin/sh", 1000), exec(1, "/tmp/x", 1000, 0)],
      [exec(1, "/bin/sh", 1000), exec(1, "/home/u/rootshell", 1000, 0)],
      [exec(1, "/bin/sh", 1000), exec(1, "/w/electron/dist/chrome-sandbox", 1000, 0)],
      [exec(1, "/bin/sh", 1000), forks(1, 2), becomesRoot(2)],
    ],
    silent: [
      [exec(1, "/bin/sh", 1000), exec(1, "/usr/bin/sudo", 1000, 0)],
      [exec(1, "/bin/sh", 1000), exec(1, "/tmp/x", 1000)],
      [exec(1, "/bin/sh", 0), exec(1, "/tmp/x", 0)],
      // Root that put its rights aside, and takes them again.
      [exec(1, "/bin/sh", 0), forks(1, 2), becomesRoot(2)],
      [exec(1, "/bin/sh", 1000), exec(2, "/usr/bin/sudo", 1000, 0), becomesRoot(2)],
      // A container's first process, which its runtime started as root.
      [putsAside(1), exec(1, "/bin/sh", 1000), becomesRoot(1)],
      // In a user namespace of its own.
      [exec(1, "/bin/sh", 1000), { ...becomesRoot(1), user_namespace: 9 } as Samples],
      // Nothing is known of where it comes from.
      [becomesRoot(7)],
    ],
  },
});

const isSystems = /^\/(usr|bin|sbin|lib|lib64|opt|snap|nix\/store|run\/wrappers)\//;
const sandboxes = new Set(["chrome-sandbox", "chrome_sandbox", "chrome-devel-sandbox"]);

/** Beyond so many a memory may have forgotten one, and nobody can be said never to have been root. */
const rememberedRoots = 8_192;

function remember(process_key: number, memory: Memory): void {
  memory.set(`root ${process_key}`, 1);
  memory.set("roots", (memory.get("roots") ?? 0) + 1);
}

function atExec(
  { process_key, path, uid, euid }: EventNamed<"process_exec">,
  { memory, process }: JobContext,
): Match | undefined {
  if (uid === 0 || euid === 0) remember(process_key, memory);
  if (uid === euid || euid !== 0 || isSystems.test(path)) return undefined;
  return {
    message: `${baseName(path)} (pid ${process.pid}) runs as root by its set-id bit, and is none of the system's programs: ${path}.`,
    evidence: { path, uid, euid },
    severity: sandboxes.has(baseName(path)) ? "low" : "high",
    key: path,
  };
}

/** execve and execveat: what became root by these, its exec tells. */
const execs: ReadonlySet<number> = new Set([59, 322, 221, 281, 512 + 11, 512 + 358]);

function atChange(event: EventNamed<"credential_change">, job: JobContext): Match | undefined {
  const { old_euid, call, old_capabilities, old_user_namespace, user_namespace } = event;
  if (execs.has(call) || old_user_namespace !== user_namespace) return undefined;
  if (!wasNeverRoot(job.process, job)) return undefined;
  const { path, pid } = job.process;
  return {
    message: `${baseName(path) || "A process"} (pid ${pid}) became root during a call that does not give it, and has never been root.`,
    evidence: { old_euid, call },
    // A capability of the program's file gives it, which only root can have put there.
    severity: Math.floor(old_capabilities / setUid) % 2 === 1 ? "high" : "critical",
    key: `call ${path}`,
  };
}

/** CAP_SETUID in a set of capabilities. */
const setUid = 1 << 7;

// The longest line of processes that a build has is far shorter.
const generations = 256;

/** Whether its whole line is known, and nobody in it was root. */
function wasNeverRoot(process: Process, { memory, processOf }: JobContext): boolean {
  if ((memory.get("roots") ?? 0) > rememberedRoots) return false;
  let known = false;
  let next: Process | undefined = process;
  for (let i = 0; next && i < generations; i++) {
    if (memory.get(`root ${next.process_key}`) !== undefined) return false;
    known ||= next.execs > 0;
    if (next.parent_key === 0) return known && next.execs > 0;
    next = processOf(next.parent_key);
  }
  return false;
}

function exec(process_key: number, path: string, uid: number, euid = uid): Samples {
  return { event: "process_exec", process_key, parent_key: process_key - 1, path, uid, euid };
}

function forks(process_key: number, child_key: number): Samples {
  return { event: "process_fork", process_key, parent_key: process_key, child_key };
}

function putsAside(process_key: number): Samples {
  return { event: "credential_change", process_key, euid: 1000, uid: 1000, call: 1 };
}

function becomesRoot(process_key: number): Samples {
  return { event: "credential_change", process_key, old_euid: 1000, old_uid: 1000, call: 1 };
}
