import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { isInContainer, learnNamespaces } from "./containers.ts";
import { type ChangingEvent, changedPath, changingEvents, verbOf } from "./file_changes.ts";
import {
  installerOf,
  installScriptOf,
  isBySystemManager,
  isGit,
  lineOf,
  scriptOf,
} from "./lineage.ts";
import { fires, silent } from "./program_shadowed_examples.ts";

/*
 * A program that is called like a compiler or another tool that everything calls, in a folder of the
 * search path: it is run in place of the tool. And, wherever it lies: one that the job made, that is
 * called so, and that hands over to the real one, which is how a wrapper stays unnoticed.
 */
export const programShadowed = defineSignature({
  id: "JW-184",
  name: "program_shadowed",
  title: "Program Put in Place of a Tool",
  severity: "medium",
  behaviours: ["execution_hijack"],
  attack: ["T1574.007", "T1036.005"],
  doc:
    "A process of the job puts a program called like a compiler, interpreter or common tool into a " +
    "folder of the search path, or runs one that it made and that then starts the real tool. High " +
    "when a tool of the system itself is changed, or a dependency's install script does it.",
  why:
    "Every later step, and perhaps every later job, runs that program when it means the tool: it sees " +
    "the source, the secrets and the output, and may change any of them.",
  benign: [
    "A version of a compiler or interpreter is installed by hand under its usual name, without a " +
      "package, and not by make.",
    "Tests that put a wrapper of a real tool on the search path.",
  ],
  evade: [
    "Call the folder of a wrapper like one of tests, which makes it low.",
    "Use the name of a tool that is not in the list, or a folder that only PATH makes one.",
    "Do the tool's work without starting the real one, outside of the usual folders.",
    "Install by the system's package manager, or from make.",
  ],
  events: ["process_exec", ...changingEvents],

  match(event, job) {
    if (event.event === "process_exec") {
      learnNamespaces(event, job);
      return judgeExec(event, job);
    }
    const path = changedPath(event);
    if (path === undefined || !tools.has(baseName(path))) return undefined;
    return judge(event, path, job);
  },

  examples: { fires, silent },
});

/** What builds call without a path; with a version behind it, see `family`. */
const tools: ReadonlySet<string> = new Set(
  (
    "gcc g++ cc c++ cpp clang clang++ ld ld.bfd ld.gold ld.lld as ar nm objcopy strip make cmake ninja " +
    "python python3 perl ruby node npm npx yarn pnpm java javac go rustc cargo git ssh scp sudo su bash " +
    "sh dash env ls cat cp mv rm tar gzip curl wget gpg openssl docker sed grep awk find ps id whoami " +
    "pip pip3 mvn gradle tsc dotnet"
  ).split(" "),
);
const isSystemFolder = /^\/(usr\/)?s?bin\/[^/]+$/;
const isSearched =
  /^\/usr\/local\/s?bin\/[^/]+$|^(\/root|\/home\/[^/]+|.*\/home)\/(\.local\/)?bin\/[^/]+$|\/\.local\/bin\/[^/]+$/;

function judge(event: ChangingEvent, path: string, job: JobContext): Match | undefined {
  const isSystems = isSystemFolder.test(path);
  if (event.event === "file_symlink" && isUsualTarget(path, event.target)) return undefined;
  if (isGit(job.process) || isToolInstaller(job)) return undefined;
  job.memory.set(`made ${path}`, 1);
  if (!isSystems && !isSearched.test(path)) return undefined;
  if (isBySystemManager(job) || isInContainer(job)) return undefined;
  const script = installScriptOf(job);
  if (!isSystems && !script && isInstallation(job)) return undefined;
  const who = script ? `, run by ${script.name},` : "";
  return {
    message: `${baseName(job.process.path) || "A process"} (pid ${job.process.pid})${who} ${verbOf(event)} ${path}, which will be run for ${baseName(path)}.`,
    evidence: { path },
    key: path,
    severity: isSystems || script ? "high" : "medium",
  };
}

/** A tool of the system under another name, or what caches its results. */
function isUsualTarget(path: string, target: string): boolean {
  if (/(^|\/)(ccache|sccache|distcc|icecc|busybox|toybox|llvm|ldproxy)$/.test(target)) return true;
  const is = /^\/(usr|opt|bin|lib|etc\/alternatives|snap|nix|home\/linuxbrew)\//.test(target);
  return (
    is ||
    (!target.includes("/") && baseName(path) !== target) ||
    /^(\.\.\/)+(lib|share|libexec|Cellar|opt)\//.test(target)
  );
}

/** They put tools there under their usual names, and say which version is meant. */
const isToolInstaller = (job: JobContext): boolean =>
  installerOf(job.process) !== undefined ||
  lineOf(job).some((process) => isVersionManager.test(baseName(scriptOf(process))));
const isVersionManager =
  /^(update-alternatives|alternatives|update-ccache-symlinks|rustup(-init)?(\.sh)?|pyenv.*|nvm(\.sh)?|nodenv|rbenv|goenv|asdf|mise|fnm|volta|n|uv|conda|brew(\.sh)?|corepack|nix|nix-env|stow|sdk|sdkman.*|jenv|ghcup|get-docker\.sh)$/;

/** What comes with many other files: an archive that is unpacked, an installation from source. */
function isInstallation(job: JobContext): boolean {
  const name = baseName(job.process.path);
  if (/^(tar|bsdtar|unzip|cpio|rsync|cmake)$/.test(name)) return true;
  return lineOf(job).some(({ path }) => /^(g?make|ninja|cmake|meson|scons)$/.test(baseName(path)));
}

/** A program of a tool's name, made by the job, is started, and later the tool itself. */
function judgeExec(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  const { path, called_as, process_key, parent_key, pid, cwd } = event;
  const { memory } = job;
  const name = baseName(called_as);
  if (!tools.has(name)) return undefined;
  const called = called_as.startsWith("/")
    ? called_as
    : `${cwd}/${called_as}`.replaceAll("/./", "/");
  if (memory.get(`made ${called}`) !== undefined) {
    memory.set(`stands ${process_key} ${name}`, isForTests.test(called) ? forTests : 1);
    return undefined;
  }
  if (!/^\/(usr|bin|opt|root\/\.\w+|home\/[^/]+\/\.\w+)\//.test(path)) return undefined;
  const stands =
    memory.get(`stands ${process_key} ${name}`) ?? memory.get(`stands ${parent_key} ${name}`);
  if (stands === undefined) return undefined;
  return {
    message: `A program that the job made was run for ${name} (pid ${pid}) and started the real one, ${path}.`,
    evidence: { program: name, real: path },
    key: `stands ${name}`,
    severity: stands === forTests ? "low" : "medium",
  };
}

/** By their name only: where tests keep programs that stand for others. */
const isForTests =
  /\/(tests?|specs?|stubs?|mocks?|fakes?|fixtures?|shims?|testdata|__\w+__|bats|t)\//;
const forTests = 2;
