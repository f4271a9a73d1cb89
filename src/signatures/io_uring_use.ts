import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import { baseName } from "./base_name.ts";
import { isJobsWorker } from "./jobs_worker.ts";

export const ioUringUse = defineSignature({
  id: "JW-210",
  name: "io_uring_use",
  title: "Work Without System Calls",
  severity: "low",
  behaviours: ["io_uring_use"],
  attack: ["T1562.001"],
  doc:
    "A process of the job uses io_uring, over which a program opens files and connects without the " +
    "system calls that sensors watch. jobwarden sees through it; this only says that it was used.",
  why:
    "Few programs of a build use it. Malware does to get past security tools (Curing, 2025). What was " +
    "done over it is judged like everything else; read this beside other findings.",
  benign: [
    "Databases and tools that use it for speed and are not known here; those that are known are silent.",
    "A program of the project itself, under test.",
  ],
  evade: ["Run in a program that is known to use it, such as Node with UV_USE_IO_URING=1."],
  events: ["io_uring_setup", "io_uring_operation"],

  match(event, job) {
    const { process } = job;
    if (isKnown.test(baseName(process.path)) || isJobsWorker(process)) return undefined;
    if (event.event === "io_uring_setup") {
      const what =
        event.error === 0 ? "made an io_uring" : "tried, and failed, to make an io_uring";
      const evidence = { setup_flags: event.setup_flags, error: event.error };
      return found(job, what, evidence);
    }
    const { operation, opcode, path } = event;
    const what = `asked an io_uring to ${sentence[operation] ?? operation}`;
    return found(job, `${what}${path ? ` ${path}` : ""}`, { operation, opcode, path });
  },

  examples: {
    fires: [
      [exec("/tmp/x"), { event: "io_uring_setup", process_key: 1 }],
      [
        exec("/tmp/x"),
        { event: "io_uring_operation", process_key: 1, operation: "open", path: "/etc/shadow" },
      ],
    ],
    silent: [
      [exec("/tmp/x")],
      [exec("/usr/bin/node"), { event: "io_uring_setup", process_key: 1 }],
      [exec("/srv/r/bin/Runner.Worker"), { event: "io_uring_setup", process_key: 1 }],
    ],
  },
});

/** Those that are known to use it. A version may follow. */
const isKnown =
  /^(node|nodejs|bun|deno|fio|qemu-.*|mysqld|mariadbd|postgres|redis-server|nginx|scylla|rocksdb.*|ceph-.*|samba|smbd|systemd.*|bazel.*|buildkitd|dotnet|java|tikv-server|clickhouse.*|envoy|zig|cmake|cargo|rustc|mold)$/;

const sentence: Readonly<Record<string, string>> = {
  send: "send",
  sendmsg: "send a message",
  mkdir: "make the directory",
  unlink: "remove",
  socket: "make a socket",
  command: "pass a command to a driver",
};

function found({ process }: JobContext, what: string, evidence: Match["evidence"]): Match {
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid}) ${what}.`,
    evidence,
    key: process.path,
  };
}

function exec(path: string): Samples {
  return { event: "process_exec", process_key: 1, path };
}
