import type { JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { bareName } from "./acting_program.ts";
import { baseName } from "./base_name.ts";
import {
  type CredentialStore,
  numberOf,
  ownerNames,
  storeNumbered,
  storeOf,
} from "./credential_stores.ts";
import { glance } from "./glance.ts";
import { Slots } from "./slots.ts";

/*
 * What is remembered of files in one job. All of it is in the signature's bounded memory; only what
 * concerns a store or a program that owns one is kept, so that a build does not fill it.
 */

/** Notes an open that made the file. */
export function noteCreated(event: EventNamed<"file_open">, job: JobContext): void {
  const { path, inode, device } = event;
  const { memory } = job;
  if (isRemembered(inode, job)) {
    // The number, or the name, belonged to another file before.
    memory.set(`inode ${device}:${inode}`, 0);
    memory.set(`alias ${path}`, 0);
  }
  if (glance(path).store) noteMade(path, job);
  noteProgram(path, device, inode, job);
}

/** Notes the names that a secret gets, by which its later reads are known. */
export function noteName(event: EventNamed<"file_link" | "file_rename">, job: JobContext): void {
  const { path, new_path } = event;
  const { memory } = job;
  const store = secretNamed(path, job);
  const isSecret = store !== undefined;
  const isStore = glance(new_path).store !== undefined;
  if (isSecret && !isStore) {
    memory.set(`alias ${new_path}`, numberOf(store));
    memory.set("filter", all);
  } else if (isSecret) memory.set(`was ${new_path}`, 1);
  else if (isStore) noteMade(new_path, job);
  if (isSecret && event.event === "file_rename") memory.set(`was ${path}`, 1);
  noteFolder(path, new_path, job);
  noteProgram(new_path, 0, 0, job);
}

/** Directories whose name tells what is in them; below another name it does so no more. */
const folders = (
  ".ssh .aws .azure .kube .docker .gnupg .gem .m2 .cargo .gradle .password-store .ethereum .electrum " +
  ".config .config/gcloud .config/gh .config/composer .config/op .config/chromium"
).split(" ");

function noteFolder(path: string, new_path: string, { memory }: JobContext): void {
  const known = folders.findIndex((folder) => path.endsWith(`/${folder}`));
  if (known < 0 || new_path.endsWith(`/${folders[known]}`)) return;
  memory.set(`folder ${new_path}`, known + 1);
  memory.set("folders", 1);
  memory.set("filter", all);
}

/** The store that a path below a renamed directory was before. */
function storeInFolder(path: string, { memory }: JobContext): CredentialStore | undefined {
  if (memory.get("folders") === undefined) return undefined;
  for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1)) {
    const known = memory.get(`folder ${path.slice(0, at)}`);
    if (known !== undefined) return storeOf(`/${folders[known - 1]}${path.slice(at)}`);
  }
  return undefined;
}

/** The store that a name stands for, unless this job made what is in it. */
export function secretNamed(path: string, job: JobContext): CredentialStore | undefined {
  if (isMade(path, job)) return undefined;
  const { memory } = job;
  return glance(path).store ?? storeNumbered(memory.get(`alias ${path}`));
}

/** Notes where the job works, and whether it runs a program that it made itself. */
export function noteExec(event: EventNamed<"process_exec">, job: JobContext): void {
  const { memory, process } = job;
  const { cwd, inode, device, path, process_key, step_key } = event;
  const first = memory.get("first") ?? process_key;
  // Set again, so that it stays among the newest.
  memory.set("first", first);
  const isFirst = first === process_key && process.execs === 1;
  if (isFirst || (step_key === process_key && step_key !== 0)) memory.set(`workspace ${cwd}`, 1);
  const root = /^(.*)\/bin(?:\.[\d.]+)?\/Runner\.(?:Worker|Listener)$/.exec(path)?.[1];
  if (root && isFirst) memory.set(`runner ${root}`, 1);
  if (event.args.some((arg) => tokenForGit.test(arg))) memory.set("git has a token", 1);
  if (!ownerNames.has(baseName(path))) return;
  const isOwn = memory.get(`program ${device}:${inode}`) ?? memory.get(`program ${path}`);
  if (isOwn) memory.set(`foreign ${process_key}`, 1);
}
/** How a checkout puts a token into git's configuration. */
const tokenForGit = /\.extraheader$|^https?:\/\/[^/\s]+@/i;

/** Whether the program of a process, or the script that it runs, was written by the job. */
export const isForeign = ({ process_key }: Process, file: string, { memory }: JobContext) =>
  (memory.get(`foreign ${process_key}`) ?? memory.get(`program ${file}`)) !== undefined;

/** Which step made a store; 0 when that is the job itself, or one without steps. */
export const makerOf = (path: string, { memory }: JobContext): number | undefined =>
  memory.get(`made ${path}`);

const isMade = (path: string, job: JobContext): boolean => makerOf(path, job) !== undefined;

/** A store that was there before the job is not made by it, even when the job replaces it. */
function noteMade(path: string, { memory, process }: JobContext): void {
  if (memory.get(`was ${path}`) === undefined) memory.set(`made ${path}`, process.step_key);
}

/** A copy of a program under the name of an owner, such as `ssh`, is not the owner. */
function noteProgram(path: string, device: number, inode: number, job: JobContext): void {
  if (!ownerNames.has(bareName(path)) || isPackageManager(job.process)) return;
  job.memory.set(`program ${path}`, 1);
  if (inode !== 0) job.memory.set(`program ${device}:${inode}`, 1);
}

const packageManagers = /\/(?:dpkg|dpkg-deb|rpm|apk|pacman|dnf|yum|zypper|microdnf|nix)$/;
const isPackageManager = ({ path }: Process): boolean => packageManagers.test(path);

/** Where stores are, a home is: what lies beside them is no project's. */
const inHome = /^(.+)\/\.(?:ssh|aws|kube|docker|azure|config|gnupg|m2|cargo|gem)\//;
export const isHomeOf = (folder: string, { memory }: JobContext): boolean =>
  memory.get(`home ${folder}`) !== undefined;

/** Remembers a secret by its inode, so that another name for it does not hide it. */
export function rememberSecret(
  { path, device, inode }: EventNamed<"file_open">,
  store: CredentialStore,
  { memory }: JobContext,
): void {
  const home = inHome.exec(path)?.[1];
  if (home) memory.set(`home ${home}`, 1);
  memory.set(`was ${path}`, 1);
  memory.set(`inode ${device}:${inode}`, numberOf(store));
  memory.set("filter", (memory.get("filter") ?? 0) | (1 << (inode % filterBits)));
}

/** The secret behind a file that is not called like one. */
export function secretBehind(
  { path, device, inode }: EventNamed<"file_open">,
  job: JobContext,
): { readonly store: CredentialStore; readonly alias: "name" | "inode" } | undefined {
  if (!isRemembered(inode, job)) return undefined;
  const { memory } = job;
  const byName = storeNumbered(memory.get(`alias ${path}`)) ?? storeInFolder(path, job);
  if (byName) return { store: byName, alias: "name" };
  const store = storeNumbered(memory.get(`inode ${device}:${inode}`));
  return store && { store, alias: "inode" };
}

/**
 * Whether an inode, or since a secret has another name any file, may be one of the secrets', at the
 * cost of a look-up: jobs open files by the hundred thousand, and secrets a few times.
 */
function isRemembered(inode: number, { memory }: JobContext): boolean {
  const filter = memory.get("filter");
  return filter !== undefined && ((filter >> (inode % filterBits)) & 1) === 1;
}
const filterBits = 31;
const all = 0x7fffffff;

/** A process that loads a store's client library reads the store to log in, as a rule. */
export function noteLibrary(families: number, { memory, process }: JobContext): void {
  const key = `library ${process.process_key}`;
  const known = memory.get(key) ?? 0;
  if ((known | families) !== known) memory.set(key, known | families);
}

/** The families whose client libraries a process has loaded. */
export const librariesOf = ({ process_key }: Process, { memory }: JobContext): number =>
  memory.get(`library ${process_key}`) ?? 0;

/** A process has read who the users are. */
export const noteUsers = ({ memory, process }: JobContext): void =>
  users.set(memory, process.process_key, 1);
export const knowsUsers = ({ process_key }: Process, { memory }: JobContext): boolean =>
  users.get(memory, process_key) !== undefined;
const users = new Slots("users", 64);
