import type { JobContext } from "../engine/signature.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import type { CredentialStore } from "./credential_stores.ts";
import { isHomeOf } from "./secret_memory.ts";

/**
 * What is called like a store but belongs to the project: a fixture of its tests, a configuration in
 * the work tree. `maybe` is one that may hold a token all the same, and that somebody asked for.
 */
export function isProjects(
  store: CredentialStore,
  path: string,
  process: Process,
  job: JobContext,
): "yes" | "maybe" | "no" {
  const below = belowWorkspace(path, job);
  if (below !== undefined && fixture.test(below)) return "yes";
  if (!store.loose) return "no";
  const folder = path.slice(0, path.lastIndexOf("/"));
  if (store.family === "runner") return isRunners(folder, job) ? "no" : "yes";
  const asked = isNamed(path, process);
  if (store.family === "gitconfig") return asked ? "no" : "yes";
  if (isHome(folder) || isHomeOf(folder, job)) return "no";
  // A project's own tools load it without being told where it is.
  if (store.family === "dotenv" && below !== undefined) return "yes";
  const isBeside = folder === process.cwd || below?.includes("/") === false;
  if (isBeside || (below !== undefined && walkers.has(baseName(process.path)))) {
    return asked ? "maybe" : "yes";
  }
  return "no";
}

const fixture =
  /(?:^|\/)(?:tests?|__tests__|testdata|test-data|test_data|fixtures?|__fixtures__|specs?|e2e|examples?|samples?|mocks?|node_modules|vendor|site-packages)\//i;

const isHome = (folder: string): boolean =>
  /^\/root$|^\/(?:home|Users|export\/home)\/[^/]+$|\/(?:_github_)?home$/.test(folder);

/** They read whatever lies in a tree, to search, pack or copy it. */
const walkers = new Set(
  (
    "grep egrep rg ag ack tar bsdtar zip 7z rsync cp mv docker docker-buildx buildx podman buildah " +
    "wc du md5sum sha1sum sha256sum clamscan chown git"
  ).split(" "),
);

/** The part of a path behind a directory in which the job works. */
function belowWorkspace(path: string, { memory }: JobContext): string | undefined {
  for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1)) {
    if (memory.get(`workspace ${path.slice(0, at)}`) !== undefined) return path.slice(at + 1);
  }
  return undefined;
}

const isRunners = (folder: string, { memory }: JobContext): boolean =>
  memory.get(`runner ${folder}`) !== undefined || /\/[^/]*actions-runner[^/]*$/.test(folder);

/** Whether the arguments name the file: its name, or its place when the name says nothing. */
function isNamed(path: string, { args, cwd }: Process): boolean {
  const name = baseName(path);
  const isHere = path === `${cwd}/${name}`;
  const place = path.split("/").slice(-2).join("/");
  return args.slice(1).some((arg) => {
    if (name === "config") return arg.includes(place) || (isHere && arg === name);
    return arg.includes(name);
  });
}
