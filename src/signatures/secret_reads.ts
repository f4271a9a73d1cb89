import type { JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { actingProgram, isBlunt } from "./acting_program.ts";
import { baseName } from "./base_name.ts";
import { type CredentialStore, familyOf } from "./credential_stores.ts";
import { glance } from "./glance.ts";
import { isProjects } from "./project_files.ts";
import {
  isForeign,
  knowsUsers,
  librariesOf,
  makerOf,
  noteCreated,
  noteLibrary,
  noteUsers,
  rememberSecret,
  secretBehind,
} from "./secret_memory.ts";

/** A read of a credential store by a program that it does not belong to. */
export interface SecretRead {
  readonly store: CredentialStore;
  readonly path: string;
  /**
   * `strong` is a theft until somebody explains it. The others have an explanation: this job made
   * the file, it is a project's own, a client library of the store was loaded, or the program is an
   * owner that the job installed.
   */
  readonly weight: "strong" | "made" | "project" | "library" | "installed";
  /** How it was reached, when not by its own name. */
  readonly alias: "" | "name" | "inode";
}

/**
 * What an open of a file is. It also remembers what later opens are judged by, so that it must be
 * told of every open.
 */
export function readOf(event: EventNamed<"file_open">, job: JobContext): SecretRead | undefined {
  if (event.created === "yes") {
    noteCreated(event, job);
    return undefined;
  }
  const { store, libraries } = glance(event.path);
  if (!store) {
    if (event.path === "/etc/passwd") noteUsers(job);
    if (libraries !== 0) noteLibrary(libraries, job);
    return aliasRead(event, job);
  }
  // A directory shows names alone.
  return isRegular(event.mode) ? storeRead(event, store, job) : undefined;
}

const isRegular = (mode: number): boolean => (mode & 0o170000) === 0o100000;
const isRead = (access: string): boolean => access === "read" || access === "read_write";

function storeRead(
  event: EventNamed<"file_open">,
  store: CredentialStore,
  job: JobContext,
): SecretRead | undefined {
  const { path } = event;
  const { process } = job;
  const maker = makerOf(path, job);
  if (maker === undefined) rememberSecret(event, store, job);
  if (!isRead(event.access)) return undefined;
  const owner = ownership(store, process, job);
  if (owner === "owner") return undefined;
  const projects = isProjects(store, path, process, job);
  if (projects === "yes") return undefined;
  const read = (weight: SecretRead["weight"]): SecretRead => ({ store, path, weight, alias: "" });
  if (projects === "maybe") return read("project");
  if (maker !== undefined && isExplained(store, maker, job)) return read("made");
  if (owner === "installed") return read("installed");
  // Perl asks for the hash whenever root asks it for a user: getpwnam reads both files.
  const isPerls = store.family === "shadow" && baseName(process.path).startsWith("perl");
  if (isPerls && knowsUsers(process, job)) return read("library");
  return read(librariesOf(process, job) & familyOf(store) ? "library" : "strong");
}

/** Whether a store that the job made is read as those do who made it. */
function isExplained(store: CredentialStore, maker: number, { memory, process }: JobContext) {
  if (store.family === "gitconfig") return memory.get("git has a token") === undefined;
  // A program of one step that reads what a login of another step left has no part in it. Test
  // programs with a cluster of their own are many.
  return maker === process.step_key || store.family === "kube" || !isBlunt(process);
}

function aliasRead(event: EventNamed<"file_open">, job: JobContext): SecretRead | undefined {
  const secret = secretBehind(event, job);
  if (!secret || !isRegular(event.mode) || !isRead(event.access)) return undefined;
  if (ownership(secret.store, job.process, job) !== "none") return undefined;
  return { ...secret, path: event.path, weight: "strong" };
}

/** Whether a store belongs to the program of a process. */
export function ownership(
  store: CredentialStore,
  process: Process,
  job: JobContext,
): "owner" | "installed" | "none" {
  const program = actingProgram(process);
  if (!program || !isOwnerOf(store, program.name, program.file)) return "none";
  if (!isForeign(process, program.file, job)) return "owner";
  return store.brought ? "installed" : "none";
}

function isOwnerOf({ owners, family }: CredentialStore, name: string, file: string): boolean {
  if (owners.has(name)) return true;
  // Helpers carry the name of their program: git-remote-codecommit, docker-credential-pass.
  if (family === "git" || family === "gitconfig") return /^git-(?:remote|credential)-/.test(name);
  if (family === "docker") return name.startsWith("docker-");
  return family === "browser" && /\/(?:chrom|firefox|brave)[^/]*\/[^/]+$/i.test(file);
}
