import { defineSignature, type JobContext, type Samples } from "../engine/signature.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";

/*
 * Which groups are the job's, its moves tell: the first one puts the job's first process into the
 * group that the agent made, and each that brings a process to the job comes by a group that is
 * bound to it, such as a container's. What is below one of these is the job's too.
 */
export const cgroupExit = defineSignature({
  id: "JW-103",
  name: "cgroup_exit",
  title: "Left the Job's Control Group",
  severity: "medium",
  behaviours: ["job_escape"],
  attack: ["T1562.001", "T1036"],
  doc: "A process of the job was moved to a control group outside of the job's groups.",
  why:
    "Whoever ends a job, limits it or counts what it uses does so by its control group. A process " +
    "that leaves it means to outlive the job. jobwarden still follows it, because the process " +
    "itself is tagged.",
  benign: [
    "A login session or `systemd-run --scope`, which systemd puts into a scope: reported as low.",
    "Container runtimes that jobwarden does not know move their containers' processes.",
    "Tests of service managers, container runtimes and other programs that manage control groups.",
    "An administrator who moves the processes of a job by hand.",
  ],
  evade: [
    "Be started by someone else in another group, such as systemd or cron: such an edge is recorded.",
    "Give the mover the name of a container runtime and the group a name like theirs.",
    "Make a group with the name of a scope, which is reported as low only; that takes root.",
    "Leave groups of the first version (v1), of which no event tells.",
    "Without a group of the agent's own for the job, the first move of the job's first process is " +
      "taken for the one into it.",
  ],
  events: ["cgroup_move"],

  match(event, job) {
    const { cgroup_path, moved_key, moved_pid, joined } = event;
    const moved = job.processOf(moved_key);
    if (joined === "yes" || isHome(cgroup_path, moved, job)) {
      job.memory.set(`group ${cgroup_path}`, 1);
      job.memory.set("home", 1);
      return undefined;
    }
    if (isOwn(cgroup_path, job) || isContainer(cgroup_path, job.process)) return undefined;
    const isScope = cgroup_path.endsWith(".scope");
    return {
      message: `Process ${moved_pid} left the job's control group for ${cgroup_path}.`,
      evidence: { cgroup_path, moved_pid, mover: job.process.path },
      key: `${moved_key} ${cgroup_path}`,
      ...(isScope && { severity: "low" }),
    };
  },

  examples: {
    fires: [
      [...begun(), moves(2, "/")],
      [...begun(), moves(2, "/jobwarden/job-2")],
      [...begun(), moves(2, "/jobwarden/job-1x")],
      [...begun(), moves(2, "/user.slice/run-1.scope")],
      [...begun(), moves(1, "/jobwarden/other")],
      [...begun(), exec(2, "/tmp/podman"), moves(2, "/hidden")],
      [...begun(), moves(2, `/docker/${"a".repeat(64)}`)],
      // The agent came when the job was in its group.
      [exec(1, "/bin/sh"), forks(1, 2), moves(2, "/elsewhere")],
    ],
    silent: [
      [...begun()],
      [...begun(), moves(2, "/jobwarden/job-1/below")],
      [...begun(), moves(2, "/jobwarden/job-1")],
      // Started through `jobwarden run`: the process comes to the job by this move.
      [{ ...moves(1, "/jobwarden/run-1"), joined: "yes" } as Samples],
      // A container that is bound to the job, and what happens within it.
      [
        ...begun(),
        { ...moves(9, "/docker/1"), joined: "yes" } as Samples,
        moves(9, "/docker/1/init"),
      ],
      [
        ...begun(),
        exec(2, "/usr/bin/crun"),
        { ...moves(3, `/libpod_parent/libpod-${"a".repeat(64)}`), process_key: 2 } as Samples,
      ],
      [...begun(), exec(2, "/usr/bin/conmon"), moves(2, "/machine.slice/libpod-conmon-a1.scope")],
    ],
  },
});

/** Whether this is the group that the agent made for the job, as far as that can be told. */
function isHome(path: string, moved: Process | undefined, { memory }: JobContext): boolean {
  if (memory.get("home") !== undefined) return false;
  return moved?.parent_key === 0 || /^(.*\/)?jobwarden\/[^/]+$/.test(path);
}

function isOwn(path: string, { memory }: JobContext): boolean {
  for (let at = path.length; at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (memory.get(`group ${path.slice(0, at)}`) !== undefined) return true;
  }
  return false;
}

const runtimes = new Set(
  (
    "podman conmon crun runc youki buildah docker-init dockerd containerd nerdctl systemd-nspawn " +
    "containerd-shim-runc-v2 lxc-start apptainer singularity kata-runtime runsc"
  ).split(" "),
);
const isContainerGroup =
  /(^|\/)(libpod[-_]|docker[-/]|buildah-|crio-|cri-containerd|crun-|kubepods|machine\.slice\/|conmon|payload$|supervisor$)/;

/** A container runtime that is the job's child makes groups of its own for its containers. */
const isContainer = (path: string, mover: Process): boolean =>
  isContainerGroup.test(path) && runtimes.has(baseName(mover.path));

function exec(process_key: number, path: string): Samples {
  return { event: "process_exec", process_key, parent_key: process_key - 1, path };
}

function forks(process_key: number, child_key: number): Samples {
  return { event: "process_fork", process_key, parent_key: process_key, child_key };
}

function moves(key: number, cgroup_path: string): Samples {
  return {
    ...{ event: "cgroup_move", process_key: key, moved_key: key, moved_pid: 100 + key },
    cgroup_path,
  };
}

/** The Worker, in the group that the agent put it into, and a child of it. */
function begun(): readonly [Samples, Samples, Samples] {
  return [exec(1, "/srv/r/bin/Runner.Worker"), moves(1, "/jobwarden/job-1"), forks(1, 2)];
}
