import type { Severity } from "../engine/severity.ts";
import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import { baseName } from "./base_name.ts";
import { isInContainer, learnNamespaces } from "./containers.ts";
import { type ChangingEvent, changedPath, changingEvents, verbOf } from "./file_changes.ts";
import { type FileRole, roleOf } from "./file_roles.ts";
import { fires, silent } from "./host_persistence_examples.ts";
import { installerOf, installScriptOf, isBySystemManager, isGit } from "./lineage.ts";

/*
 * Places from which the host runs code when the job is long over. That the system's package manager
 * writes there is its work, and so is it of the scripts of the packages that it installs.
 *
 * A line in a shell's profile is weaker: installers of tools add one. They are told from others by
 * what else the job did in that home: it put programs into a `bin` folder there.
 */
export const hostPersistence = defineSignature({
  id: "JW-180",
  name: "host_persistence",
  title: "Host Start-Up Files Changed",
  severity: "high",
  behaviours: ["host_persistence"],
  attack: ["T1053.003", "T1543.002", "T1098.004", "T1546.004", "T1574.006"],
  doc:
    "A process of the job makes, replaces or links a file from which the host runs code later, or by " +
    "which it decides who may: timed commands, units, accounts, keys, sudo, preloaded libraries, " +
    "start-up scripts, profiles, start-up files of Python.",
  why:
    "What stands there runs after the job, for other jobs and other users of the machine, and often " +
    "as root. A build has no reason to write there; whoever does keeps a way back in.",
  benign: [
    "A workflow that sets up its own machine: it installs a service, a key for ssh to localhost, or " +
      "a rule for sudo, without a package.",
    "An installer adds a line to a shell's profile: low, when it also put programs into that home.",
    "A setting below /etc that starts no program by itself, such as of udev, apt or the loader: low.",
    "Coverage tools start themselves by a .pth file.",
  ],
  evade: [
    "Let the package manager do it: a package made by the job, or a hook of the manager.",
    "Reach the files by another name: a bind mount, a hard link that was there before.",
    "Add a program to a bin folder of the same home first: a profile's change is then low.",
    "Change a script that is already started from one of these places, but lies elsewhere.",
  ],
  events: ["process_exec", ...changingEvents],

  match(event, job) {
    if (event.event === "process_exec") {
      learnNamespaces(event, job);
      return undefined;
    }
    const path = changedPath(event);
    if (path === undefined) return undefined;
    noteTool(path, job);
    const role = roleOf(path);
    return role?.group === "host" ? judge(event, path, role, job) : undefined;
  },

  examples: { fires, silent },
});

/** Of those that are not high. */
const lesser: Readonly<Partial<Record<FileRole["kind"], Severity>>> = {
  interpreter: "medium",
  profile: "medium",
  tuning: "low",
};

function judge(event: ChangingEvent, path: string, role: FileRole, job: JobContext) {
  if (isElsewhere(path, role) || isPassing.test(path)) return undefined;
  if (isGit(job.process) || isOwner(role, path, job)) return undefined;
  if (isInContainer(job) || isBySystemManager(job)) return undefined;
  return found(event, path, role, job);
}

/** A tree that becomes an image or a package, or a template. */
const isElsewhere = (path: string, { at }: FileRole): boolean =>
  isImage.test(path) || (at > 0 && path.startsWith("/proc/"));
const isImage =
  /\/(rootfs|chroot|sysroot|skel|initramfs|overlay2?|debian|pip-build-env-[^/]+|node_modules)\//;

/** What editors, locks and package managers make beside the file; the file itself is judged. */
const isPassing =
  /(~|\.(sw[a-p]|lock|tmp|bak|orig|dpkg-(new|tmp|old|dist)|ucf-\w+))$|\/(\.pwd\.lock|[^/]*\.lock)$/;

/** Who is there to write such a file, and what comes of it says nothing. */
function isOwner({ kind }: FileRole, path: string, job: JobContext): boolean {
  if (kind === "interpreter")
    return installerOf(job.process) !== undefined || isUsualStart.test(path);
  // A virtual environment is the job's own, whoever makes it.
  return kind === "login" && baseName(path).endsWith("-");
}
const isUsualStart =
  /\/(easy-install|distutils-precedence|_virtualenv|__editable__[^/]*)\.(pth|py)$/;

function found(event: ChangingEvent, path: string, role: FileRole, job: JobContext): Match {
  const script = installScriptOf(job);
  const severity = script ? "high" : usualSeverity(path, role, job);
  const who = script ? `, run by ${script.name},` : "";
  return {
    message: `${baseName(job.process.path) || "A process"} (pid ${job.process.pid})${who} ${verbOf(event)} ${path}, which is ${role.what}.`,
    evidence: { path, kind: role.kind, what: verbOf(event) },
    key: path,
    severity,
    ...(role.kind === "preload" && { behaviours: ["host_persistence", "execution_hijack"] }),
  };
}

function usualSeverity(path: string, { kind, at }: FileRole, { memory }: JobContext): Severity {
  const isInstalled = kind === "profile" && at > 0 && memory.get(`tool ${path.slice(0, at)}`);
  return isInstalled ? "low" : (lesser[kind] ?? "high");
}

/** An installer of tools puts programs below the home, and nvm its functions. */
function noteTool(path: string, { memory }: JobContext): void {
  if (!path.includes("/bin/") && !path.endsWith("/nvm.sh")) return;
  const home = isTool.exec(path)?.[1];
  if (home) memory.set(`tool ${home}`, 1);
}
const isTool =
  /^(.+?)\/(?:(?:\.[^/]+|miniconda\d*|anaconda\d*|miniforge\d*|go)\/(?:[^/]+\/){0,2})?(?:bin\/[^/]+|nvm\.sh)$/;
