import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";

export const agentChanged = defineSignature({
  id: "JW-208",
  name: "agent_changed",
  title: "Agent's Files or Groups Changed",
  severity: "critical",
  behaviours: ["agent_tampering"],
  attack: ["T1562.001"],
  doc:
    "A process of the job writes, removes or replaces a file of jobwarden: its database, its " +
    "configuration, its hooks, its unit, its programs in the kernel; or it freezes or kills a control " +
    "group that is not its own.",
  why:
    "Without these files nobody sees what this job, and every job after it, does. A frozen control group " +
    "stops what is in it without a signal, so that nothing seems to have died.",
  benign: [
    "A job that installs, updates or tests jobwarden on its own runner.",
    "Container runtimes of the job freeze and kill the groups of their containers: silent.",
    "Tests of programs that manage control groups.",
  ],
  evade: [
    "Reach the files by another name: a bind mount, a hard link, a container that sees them elsewhere.",
    "Where the installation has other directories than the usual ones, these are not recognised.",
    "Ask systemd to freeze or change the unit: `systemctl` is reported by its arguments.",
  ],
  events: [
    ...(["cgroup_move", "file_open", "file_write", "file_rename"] as const),
    ...(["file_link", "file_symlink", "file_unlink", "file_chmod", "file_truncate"] as const),
  ],

  match(event, job) {
    switch (event.event) {
      case "cgroup_move":
        learn(event, job);
        return undefined;
      case "file_open":
        if (event.access === "read") return undefined;
        return judge("opened for writing", event.path, job);
      case "file_rename":
      case "file_link":
        return judge("put another file at", event.new_path, job) ?? judge("moved", event.path, job);
      case "file_write":
        return judge("wrote", event.path, job);
      default:
        return judge(words[event.event], event.path, job);
    }
  },

  examples: {
    fires: [
      [writes("/var/lib/jobwarden/jobwarden.db")],
      [{ event: "file_unlink", process_key: 1, path: "/sys/fs/bpf/jobwarden/x/jw_tasks" }],
      [{ event: "file_chmod", process_key: 1, path: "/usr/lib/jobwarden/hooks/job-started.sh" }],
      [{ event: "file_symlink", process_key: 1, path: "/etc/systemd/system/jobwarden.service" }],
      [
        {
          event: "file_rename",
          process_key: 1,
          path: "/etc/jobwarden/config.yaml",
          new_path: "/x",
        },
      ],
      [writes("/sys/fs/cgroup/system.slice/cgroup.freeze")],
      [joins("/jobwarden/job-1"), writes("/sys/fs/cgroup/jobwarden/job-12/cgroup.kill")],
    ],
    silent: [
      [{ event: "file_open", process_key: 1, path: "/etc/jobwarden/config.yaml", access: "read" }],
      [writes("/home/u/jobwarden/src/x.ts")],
      [joins("/jobwarden/job-1"), writes("/sys/fs/cgroup/jobwarden/job-1/cgroup.kill")],
      [joins("/jobwarden/job-1"), writes("/sys/fs/cgroup/jobwarden/job-1/below/cgroup.freeze")],
      [writes("/sys/fs/cgroup/machine.slice/libpod-a.scope/cgroup.kill")],
      [writes("/tmp/cgroup.kill")],
    ],
  },
});

const words = {
  file_symlink: "made a link at",
  file_unlink: "removed",
  file_chmod: "changed the permissions of",
  file_truncate: "cut",
} as const;

/** Rejects nearly all paths. */
const mayMatter = /jobwarden|\/cgroup\.(freeze|kill)$/;
const isAgents =
  /^\/(var\/lib|var\/log|etc|run|var\/run|usr\/lib|usr\/local\/lib|opt|sys\/fs\/bpf)\/jobwarden(\/|$)|^\/(etc|run|usr\/lib|lib)\/systemd\/system\/(.*\/)?jobwarden[^/]*$|^\/usr\/(local\/)?s?bin\/jobwarden$/;
const group = /^\/sys\/fs\/cgroup(?:\/unified)?(.*)\/cgroup\.(freeze|kill)$/;
/** As container runtimes name the groups of their containers. */
const isContainer =
  /(^|\/)(libpod[-_]|docker[-/]|buildah-|crio-|cri-containerd|crun-|kubepods|payload)/;

function learn(
  { cgroup_path, joined, moved_key }: EventNamed<"cgroup_move">,
  { memory, processOf }: JobContext,
): void {
  const isFirst = memory.get("home") === undefined && processOf(moved_key)?.parent_key === 0;
  if (joined !== "yes" && !isFirst) return;
  memory.set("home", 1);
  memory.set(`group ${cgroup_path}`, 1);
}

function judge(what: string, path: string, job: JobContext): Match | undefined {
  if (!mayMatter.test(path)) return undefined;
  const { process } = job;
  const who = `${baseName(process.path) || "A process"} (pid ${process.pid})`;
  if (isAgents.test(path)) {
    return {
      message: `${who} ${what} ${path}, which is jobwarden's own.`,
      evidence: { path, what },
      key: `${process.path} ${path}`,
    };
  }
  const [, folder = "", act = ""] = group.exec(path) ?? [];
  if (act === "" || isContainer.test(folder) || isOwn(folder, job)) return undefined;
  return {
    message: `${who} wrote ${path}: it can ${act} all processes of a group that is not the job's.`,
    evidence: { path, group: folder },
    severity: "high",
    key: `${process.path} ${path}`,
  };
}

function isOwn(path: string, { memory }: JobContext): boolean {
  for (let at = path.length; at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (memory.get(`group ${path.slice(0, at)}`) !== undefined) return true;
  }
  return false;
}

function writes(path: string): Samples {
  return { event: "file_write", process_key: 1, path };
}

function joins(cgroup_path: string): Samples {
  return { event: "cgroup_move", process_key: 1, moved_key: 1, cgroup_path, joined: "yes" };
}
