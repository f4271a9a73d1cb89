import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";

const kinds = [
  ["mount", "mount_namespace"],
  ["pid", "pid_namespace"],
  ["user", "user_namespace"],
  ["network", "network_namespace"],
] as const;
type Namespaces = Readonly<Record<(typeof kinds)[number][1], number>>;

/** What the examples have of each. */
const host: Namespaces = {
  ...{ mount_namespace: 1, pid_namespace: 2, user_namespace: 3, network_namespace: 4 },
};
const container: Namespaces = {
  ...{ mount_namespace: 11, pid_namespace: 12, user_namespace: 3, network_namespace: 14 },
};

/*
 * Which namespaces are the job's, its own events tell: those of its first program are the host's, and
 * those that its processes made, or were started in, are the job's. A process remembers those of its
 * last exec, so that one that leaves its namespace and comes back has not entered anything.
 */
export const foreignNamespace = defineSignature({
  id: "JW-203",
  name: "foreign_namespace",
  title: "Entered Namespaces of Others",
  severity: "high",
  behaviours: ["container_escape"],
  attack: ["T1611"],
  doc:
    "A process of the job entered namespaces that no process of the job made: those of the host from a " +
    "container, or those of someone else's container.",
  why:
    "`nsenter` into the namespaces of process 1 is the usual last step out of a container: from then on " +
    "the process sees the host's files and processes. Into others' containers it reaches their secrets.",
  benign: [
    "Rootless podman and buildah join the namespace in which an earlier one of them keeps its " +
      "containers: reported as low.",
    "`ip netns exec` into a network that was made before the job: reported as low.",
    "Debugging a container that runs beside the job with nsenter.",
  ],
  evade: [
    "Reach the other's files without its namespace: through /proc/<pid>/root, or a disk.",
    "Give the program the name of a container runtime: it is then reported as low.",
    "Without the job's first program, where the host is cannot be told.",
  ],
  events: ["process_exec", "namespace_change"],

  match(event, job) {
    switch (event.event) {
      case "process_exec":
        atExec(event, job);
        return undefined;
      case "namespace_change":
        return atChange(event, job);
    }
  },

  examples: {
    fires: [
      // Out of a container that the job started with the docker client.
      [exec(1, host), exec(7, container), enters(7, host)],
      [exec(1, host), exec(7, container), forked(7, 8), enters(8, host)],
      [exec(1, host), exec(7, container), { ...enters(7, container, 1), target_pid: 1 } as Samples],
      // Into somebody's container.
      [exec(1, host), enters(1, { ...host, mount_namespace: 77 })],
      [exec(1, host), enters(1, { ...host, network_namespace: 79 })],
    ],
    silent: [
      [exec(1, host), enters(1, host)],
      // Away and back.
      [exec(1, host), leaves(1, { ...host, network_namespace: 79 }), enters(1, host)],
      [exec(1, host), leaves(1, { ...host, mount_namespace: 77 }), enters(1, host)],
      // Into what the job made.
      [
        exec(1, host),
        leaves(2, { ...host, network_namespace: 79 }),
        enters(1, { ...host, network_namespace: 79 }),
      ],
      [exec(1, host), exec(7, container), enters(1, container)],
      [exec(1, host), { ...enters(1, host, 22), target_pid: 0 } as Samples],
    ],
  },
});

function atExec(event: EventNamed<"process_exec">, { memory }: JobContext): void {
  const isFirst = memory.get("home") === undefined;
  // Set again each time, so that a job of many programs does not make the oldest be forgotten.
  memory.set("home", 1);
  for (const [kind, field] of kinds) {
    const home = (isFirst ? undefined : memory.get(`home ${kind}`)) ?? event[field];
    memory.set(`home ${kind}`, home);
    memory.set(`own ${event[field]}`, 1);
    // Only what is not the host's, which is nearly nothing, needs room.
    if (event[field] !== home) memory.set(`at ${event.process_key} ${kind}`, event[field]);
  }
}

function atChange(event: EventNamed<"namespace_change">, job: JobContext): Match | undefined {
  const { memory, process } = job;
  if (event.how === "chroot" || event.how === "pivot_root") return undefined;
  if (event.how !== "setns") {
    if (event.error !== 0) return undefined;
    for (const [, field] of kinds) memory.set(`own ${event[field]}`, 1);
    return undefined;
  }
  const refused = EPERM.has(event.error);
  if (event.error !== 0) return refused ? atRefusal(event, job) : undefined;
  const out = kinds.filter(
    ([kind, field]) => kind !== "network" && isHomeAgain(event[field], kind, job),
  );
  if (out.length > 0) return found(event, process, out, "the host's");
  const others = kinds.filter(([, field]) => memory.get(`own ${event[field]}`) === undefined);
  if (others.length === 0 || memory.get("home") === undefined) return undefined;
  return found(event, process, others, "someone else's");
}

const EPERM: ReadonlySet<number> = new Set([1, 13]);

/** Who was started outside of the host's namespaces tries to enter those of a process. */
function atRefusal(event: EventNamed<"namespace_change">, job: JobContext): Match | undefined {
  const [mount] = kinds;
  if (event.target_pid === 0 && event.target_inode === 0) return undefined;
  if (atStart(job.process, "mount", job) === undefined) return undefined;
  return { ...found(event, job.process, [mount], "other"), severity: "medium" };
}

const isHomeAgain = (now: number, kind: string, job: JobContext): boolean =>
  now === job.memory.get(`home ${kind}`) && atStart(job.process, kind, job) !== undefined;

// Forks without an exec between a process and the program that it runs; there is seldom one.
const forksBack = 8;

/** The namespace in which the process's program was started; undefined when that is the host's. */
function atStart(process: Process, kind: string, { memory, processOf }: JobContext) {
  let holder: Process | undefined = process;
  for (let back = 0; holder && back < forksBack; back++) {
    const inode = memory.get(`at ${holder.process_key} ${kind}`);
    if (inode !== undefined || holder.execs > 0) return inode;
    holder = processOf(holder.parent_key);
  }
  return undefined;
}

function found(
  { target_pid, target_inode, kinds: asked, error }: EventNamed<"namespace_change">,
  process: Process,
  entered: readonly (readonly [string, string])[],
  whose: string,
): Match {
  const names = entered.map(([kind]) => kind).join(", ");
  const program = baseName(process.path);
  const isSmall = whose !== "the host's" && (names === "network" || runtimes.has(program));
  return {
    message:
      `${program || "A process"} (pid ${process.pid}) ` +
      `${error === 0 ? "entered" : "tried, and failed, to enter"} ${whose} ${names} namespace` +
      `${target_pid === 0 ? "" : `, that of process ${target_pid}`}.`,
    evidence: { namespaces: names, target_pid, target_inode, asked, error },
    severity: isSmall ? "low" : "high",
    key: `${process.path} ${whose} ${names}`,
  };
}

/** They keep their containers in a namespace that the first of them has made. */
const runtimes = new Set("podman buildah crun runc conmon netavark slirp4netns pasta".split(" "));

function exec(process_key: number, at: Namespaces): Samples {
  return { event: "process_exec", process_key, path: "/bin/sh", ...at };
}

function forked(process_key: number, child_key: number): Samples {
  return { event: "process_fork", process_key, parent_key: process_key, child_key };
}

function enters(process_key: number, at: Namespaces, error = 0): Samples {
  return { event: "namespace_change", process_key, how: "setns", target_inode: 5, error, ...at };
}

function leaves(process_key: number, at: Namespaces): Samples {
  return { event: "namespace_change", process_key, how: "unshare", ...at };
}
