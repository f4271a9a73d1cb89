import type { JobContext } from "../engine/signature.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { programOf } from "./programs.ts";

// A job that nests deeper is not followed to its end; each step up costs a look into a map.
const longestLine = 48;

/** The process and its ancestors that are known, itself first. */
export function lineOf({ process, processOf }: JobContext): readonly Process[] {
  const line: Process[] = [];
  let next: Process | undefined = process;
  while (next && line.length < longestLine && !line.includes(next)) {
    line.push(next);
    next = processOf(next.parent_key);
  }
  return line;
}

/** Below these only root puts programs, and changing them is itself found. */
const isSystems = /^\/(usr\/(s?bin|lib|libexec|lib64)|s?bin|lib)\//;
const managers =
  /^(dpkg|dpkg-(deb|split|trigger|reconfigure|divert|statoverride)|apt|apt-get|aptitude|rpm|dnf5?|yum|microdnf|tdnf|zypper|apk|pacman|snapd?|flatpak|unattended-upgrade)$/;

/** The system's package manager, as its own program or as a script that Python runs. */
function isManager({ path, args }: Process): boolean {
  if (!isSystems.test(path)) return false;
  // apt runs any command line that it is handed in an option.
  if (args.some((arg) => arg.includes("Invoke"))) return false;
  if (managers.test(baseName(path))) return true;
  const script = args[1] ?? "";
  return /\/python[\d.]*$/.test(path) && isSystems.test(script) && managers.test(baseName(script));
}

/** Whether the system's package manager, or what it runs, did it. */
export const isBySystemManager = (job: JobContext): boolean => lineOf(job).some(isManager);

const gitTools = /^(git|git-.*|gh|hub|jj|hg|svn|libexec)$/;
/** git itself, or what stands for it. By name: a copy of another program may have it. */
export const isGit = ({ path }: Process): boolean =>
  gitTools.test(baseName(path)) && !/^\/(tmp|var\/tmp|dev\/shm)\//.test(path);

/** The runner's own node: an action without further programs between. */
export const isAction = ({ path }: Process): boolean =>
  /\/externals[^/]*\/node\d+[^/]*\/bin\/node$/.test(path);

/** The script that an interpreter was given, else the program. */
export function scriptOf({ path, args }: Process): string {
  const { kind } = programOf(path, args);
  if (kind !== "interpreter" && kind !== "shell") return path;
  // -m pip is as good as the script /usr/bin/pip.
  const module = args.indexOf("-m");
  if (kind === "interpreter" && module > 0) return args[module + 1] ?? path;
  return args.slice(1).find((arg) => !arg.startsWith("-")) ?? path;
}

const nodeInstallers =
  /(^|\/)(npm|npx|pnpm|yarn|bun|corepack)(-cli)?(\.c?js)?$|\/(npm|pnpm|yarn|corepack)\/(bin|dist|lib)\//;
const pythonInstallers =
  /(^|\/)(pip[\d.]*|pipx|uv|poetry|pdm|hatch|conda|mamba|micromamba|virtualenv|venv|ensurepip|easy_install)(\.py)?$|\/pip\/(__main__|__pip-runner__)\.py$|\/__pip-runner__\.py$/;

export type InstallerKind = "node" | "python";

/**
 * npm, pip and their like, which write what they install; undefined for all others. Asked for many
 * files, so it is found once for each exec, which brings arguments that are new.
 */
export function installerOf(process: Process): InstallerKind | undefined {
  const known = installers.get(process.args);
  if (known?.path === process.path) return known.kind;
  const kind = installerNamed(scriptOf(process));
  installers.set(process.args, { path: process.path, kind });
  return kind;
}
const installers = new WeakMap<
  readonly string[],
  { readonly path: string; readonly kind: InstallerKind | undefined }
>();

function installerNamed(script: string): InstallerKind | undefined {
  if (nodeInstallers.test(script)) return "node";
  return pythonInstallers.test(script) ? "python" : undefined;
}

/** Code of a dependency, which an installer runs while it installs it. */
export interface InstallScript {
  /** For the reader. */
  readonly name: string;
  /** Where the dependency is unpacked; empty when that is not known. */
  readonly folder: string;
}

const rustScript = /\/([^/]+)-[0-9a-f]{16}\/build[-_]script[-_][^/]+$/;

/** The dependency whose script did it. Scripts of the repository itself are not meant. */
export function installScriptOf(job: JobContext): InstallScript | undefined {
  const line = lineOf(job);
  for (const [i, process] of line.entries()) {
    const crate = rustScript.exec(process.path)?.[1];
    if (crate) return { name: `the build script of ${crate}`, folder: "" };
    const below = line[i - 1];
    const kind = below && installerOf(process);
    // An installer that an installer started is at work itself, as with pip's build isolation.
    if (!kind || installerOf(line[0] ?? process)) continue;
    const script = kind === "node" ? nodeScript(below) : pythonScript(below);
    if (script) return script;
  }
  return undefined;
}

/** npm starts each script in the package's own folder; that of the repository is not below one. */
function nodeScript({ cwd }: Process): InstallScript | undefined {
  const found = /^.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)/.exec(cwd);
  return found ? { name: `the install script of ${found[1]}`, folder: found[0] } : undefined;
}

/** pip builds in a folder of its own; old ones run setup.py for an installation in place too. */
function pythonScript({ cwd, args }: Process): InstallScript | undefined {
  if (args.includes("develop") || args.includes("install")) return undefined;
  return { name: "the build of a Python package", folder: cwd };
}
