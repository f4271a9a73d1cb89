import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import { programName } from "./acting_program.ts";
import { familiesIn, familyOf } from "./credential_stores.ts";
import { kin } from "./kin.ts";
import { noteExec, noteName } from "./secret_memory.ts";
import { readOf, type SecretRead } from "./secret_reads.ts";

export const secretSweep = defineSignature({
  id: "JW-121",
  name: "secret_sweep",
  title: "Secrets Collected",
  severity: "critical",
  behaviours: ["secret_sweep", "credential_access"],
  attack: ["T1552.001", "T1119"],
  doc: "Processes of one tree read credential stores of three or more unrelated tools that they do not own.",
  why:
    "A program that logs in reads one store. One that reads the keys of SSH, of a cloud and of a " +
    "registry collects whatever there is, as the worms and stealers of package registries do.",
  benign: [
    "Backups of a home directory within a job.",
    "A secret scanner that is run over a home directory on purpose.",
  ],
  evade: [
    "Read two stores at most, or each in another step of the job.",
    "All that evades JW-120; stores that the job made itself are not counted.",
  ],
  events: ["file_open", "file_link", "file_rename", "process_exec"],

  match(event, job) {
    switch (event.event) {
      case "file_open": {
        const read = readOf(event, job);
        return read?.weight === "strong" ? atRead(read, job) : undefined;
      }
      case "process_exec":
        noteExec(event, job);
        return undefined;
      default:
        noteName(event, job);
        return undefined;
    }
  },

  examples: {
    fires: [
      [
        exec(1, "/usr/bin/python3", "x.py"),
        ...["ssh/id_rsa", "aws/credentials", "npmrc"].map((name) => reads(1, name)),
      ],
      [
        exec(1, "/bin/sh", "x.sh"),
        ...[
          exec(2, "/bin/cat"),
          reads(2, "kube/config"),
          { ...exec(3, "/bin/cat"), parent_key: 1 } as Samples,
        ],
        ...[reads(3, "docker/config.json"), reads(3, "git-credentials")],
      ],
    ],
    silent: [
      [
        exec(1, "/usr/bin/python3", "x.py"),
        reads(1, "ssh/id_rsa"),
        reads(1, "ssh/id_dsa"),
        reads(1, "npmrc"),
      ],
      [
        exec(1, "/bin/sh", "x.sh"),
        ...[exec(2, "/usr/bin/ssh"), reads(2, "ssh/id_rsa")],
        ...[{ ...exec(3, "/usr/bin/git"), parent_key: 1 } as Samples, reads(3, "git-credentials")],
        ...[{ ...exec(4, "/bin/cat"), parent_key: 1 } as Samples, reads(4, "npmrc")],
      ],
    ],
  },
});

/** How many families make a sweep. */
const enough = 3;
// Deep enough for a script that starts a script; every ancestor within the step costs an entry.
const ancestors = 8;

function atRead({ store, path }: SecretRead, job: JobContext): Match | undefined {
  const { process, memory } = job;
  let swept = 0;
  for (const { process_key } of kin(process, job, ancestors)) {
    const key = `read by ${process_key}`;
    const families = (memory.get(key) ?? 0) | familyOf(store);
    memory.set(key, families);
    if (swept === 0 && familiesIn(families).length >= enough) swept = families;
  }
  if (swept === 0) return undefined;
  const names = familiesIn(swept);
  const who = `${programName(process)} (pid ${process.pid})`;
  return {
    message: `${who} read one more of ${names.length} kinds of credentials that its process tree has read: ${names.join(", ")}.`,
    evidence: { families: names.join(","), path, program: process.path },
    key: `step ${process.step_key}`,
  };
}

function exec(process_key: number, path: string, ...args: string[]): Samples {
  const parent_key = process_key - 1;
  return { event: "process_exec", process_key, parent_key, path, args: [path, ...args], cwd: "/w" };
}

function reads(process_key: number, name: string): Samples {
  const path = `/home/ci/.${name}`;
  return {
    event: "file_open",
    process_key,
    path,
    mode: 0o100600,
    access: "read",
    inode: name.length,
  };
}
