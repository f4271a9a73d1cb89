import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { programName } from "./acting_program.ts";
import { fires, silent } from "./credential_access_examples.ts";
import { noteExec, noteName, secretNamed } from "./secret_memory.ts";
import { ownership, readOf, type SecretRead } from "./secret_reads.ts";

/*
 * What is read is decided by the path and the inode that the kernel opened, so that links, relative
 * names, /proc/self/root and file handles change nothing. Whose it is, by the executed file.
 */
export const credentialAccess = defineSignature({
  id: "JW-120",
  name: "credential_access",
  title: "Credentials Read by a Stranger",
  severity: "medium",
  behaviours: ["credential_access"],
  attack: ["T1552.001", "T1552.004", "T1003.008"],
  doc:
    "A process of the job opened a credential store for reading that does not belong to its program: " +
    "keys, tokens and passwords of SSH, clouds, clusters, registries, git, browsers, the host or the runner.",
  why:
    "Who has read a key can use it anywhere, after the job and from elsewhere. Programs read their " +
    "own store to log in; hardly anything else needs to see one.",
  benign: [
    "A build script that prints or edits its own configuration: what this job made is reported as low.",
    "A client library within another program, such as boto3 in Python, is reported as info.",
    "Compiled programs that log in with the store of a well-known tool, such as one written in Go.",
    "Backups of a home directory.",
  ],
  evade: [
    "Make the owner hand it out: `git credential fill`, `gh auth token`, `ssh-agent`.",
    "Load code into an owner: a plug-in, NODE_OPTIONS, LD_PRELOAD; or import its client library first.",
    "Take the content from the memory of a program that has read it.",
    "A bind mount that shows the store elsewhere, when nobody has opened it by its own path before.",
    "Read it through a descriptor that was opened before the job, or received from outside of it.",
    "io_uring, on kernels where only system calls are seen.",
    "Stores in places that are set by a variable, such as AWS_SHARED_CREDENTIALS_FILE.",
  ],
  events: ["file_open", "file_link", "file_rename", "process_exec"],

  match(event, job) {
    switch (event.event) {
      case "file_open": {
        const read = readOf(event, job);
        return read && found(read, job);
      }
      case "process_exec":
        noteExec(event, job);
        return undefined;
      default:
        return atName(event, job);
    }
  },

  examples: { fires, silent },
});

function found({ store, path, weight, alias }: SecretRead, { process }: JobContext): Match {
  const { label, family, severity } = store;
  const who = `${programName(process)} (pid ${process.pid})`;
  const as = alias === "" ? "" : ", which has another name here";
  return {
    message: `${who} read ${label}${as}: ${path}${explanations[weight]}.`,
    evidence: { path, family, program: process.path, weight, ...(alias && { alias }) },
    key: `${weight} ${path} ${process.path}`,
    severity:
      weight === "strong" ? severity : weight === "made" || weight === "project" ? "low" : "info",
  };
}

const explanations: Readonly<Record<SecretRead["weight"], string>> = {
  strong: "",
  made: "; this job made the file",
  project: "; it lies in the project",
  library: "; the process had loaded a client library that uses it",
  installed: "; the program has the owner's name and was installed by this job",
};

/** Another name for a secret: a hard link lets it be read as something else, a rename moves it. */
function atName(
  event: EventNamed<"file_link" | "file_rename">,
  job: JobContext,
): Match | undefined {
  const { path, new_path, event: kind } = event;
  const store = secretNamed(path, job);
  noteName(event, job);
  if (!store || store.loose || ownership(store, job.process, job) !== "none") return undefined;
  const what = kind === "file_link" ? "made another name for" : "renamed";
  const who = `${programName(job.process)} (pid ${job.process.pid})`;
  return {
    message: `${who} ${what} ${store.label}: ${path} is ${new_path} now.`,
    evidence: { path, new_path, family: store.family, program: job.process.path },
    key: `name ${path} ${new_path}`,
    severity: kind === "file_link" ? store.severity : "low",
  };
}
