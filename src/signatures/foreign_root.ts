import { defineSignature } from "../engine/signature.ts";
import { access, child, listener, program, service, sibling, worker } from "./access_samples.ts";
import { accessEvidence, accessText, standingOf, targetKey } from "./other_process.ts";

/*
 * Behind a process's root is its view of the file system. Where that is the caller's own view, the
 * way through it gives nothing; behind another mount namespace is another machine: from a container
 * the host, from the host a container or a service.
 */
export const foreignRoot = defineSignature({
  id: "JW-114",
  name: "foreign_root",
  title: "Files Opened Through Another Process's Root",
  severity: "medium",
  behaviours: ["container_escape"],
  attack: ["T1611"],
  doc:
    "A process of the job opens a file through the root or the working directory of a process that " +
    "is not of the job and sees other mounts.",
  why:
    "A container has its own files and cannot name those of the host. Through the root of a process " +
    "of the host it reads and writes them all: keys, runners, other jobs.",
  benign: [
    "An administrator's job that looks into a service or a container which it has not started.",
    "Tools that collect what the host runs, such as scanners of containers.",
  ],
  evade: [
    "Enter the other process's namespaces, which opens no file by this way.",
    "Name the process by a relative path, or through a link: only the plain name is recognised.",
    "Have it opened by a process that is not of the job: such an edge is recorded.",
  ],
  events: ["process_access"],

  match(event, { process }) {
    if (event.way !== "root" && event.way !== "working_directory") return undefined;
    const standing = standingOf(event);
    const isElsewhere = standing === "runner" || standing === "foreign";
    if (!isElsewhere || event.other_mounts === "no") return undefined;
    const isHost = event.target_pid === 1 || standing === "runner";
    const severity = isHost && event.error === 0 ? "high" : "medium";
    const what = event.way === "root" ? "root" : "working directory";
    return {
      message: accessText(event, process, `opened a file through the ${what} of`),
      evidence: accessEvidence(event),
      key: `${targetKey(event)} ${severity}`,
      severity,
    };
  },

  examples: {
    fires: [
      [program(2, "/bin/cat"), access(2, "root", { ...other(), target_pid: 1 })],
      [program(2, "/bin/cat"), access(2, "root", { ...other(), target_pid: 1, error: 13 })],
      [program(2, "/bin/cat"), access(2, "root", { ...listener, other_mounts: "yes" })],
      [program(2, "/bin/cat"), access(2, "working_directory", other())],
    ],
    silent: [
      [program(2, "/bin/cat"), access(2, "root", { ...service, target_pid: 1 })],
      [program(2, "/bin/cat"), access(2, "root", worker)],
      [program(2, "/bin/cat"), access(2, "root", { ...child, other_mounts: "yes" })],
      [program(2, "/usr/bin/jcmd"), access(2, "root", { ...sibling, other_mounts: "yes" })],
      [program(2, "/bin/cat"), access(2, "environment", { ...worker, other_mounts: "yes" })],
    ],
  },
});

function other() {
  return { ...service, other_mounts: "yes" } as const;
}
