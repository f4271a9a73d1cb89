import type { Severity } from "../engine/severity.ts";
import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { type ChangingEvent, changedPath, changingEvents, verbOf } from "./file_changes.ts";
import { type FileRole, roleOf } from "./file_roles.ts";
import {
  installScriptOf,
  isAction,
  isBySystemManager,
  isGit,
  lineOf,
  scriptOf,
} from "./lineage.ts";
import { fires, silent } from "./repository_persistence_examples.ts";

/*
 * Files of a checkout that run code for whoever uses it next: hooks and settings of git, workflows,
 * tasks of editors, orders for coding agents. A checkout brings them; git is who writes them then.
 *
 * Which folders are checkouts is learned: from what git does there, and from where steps begin. So a
 * package that is unpacked with its own workflows, or a generated example, is not meant.
 */
export const repositoryPersistence = defineSignature({
  id: "JW-182",
  name: "repository_persistence",
  title: "Code Planted in a Repository",
  severity: "medium",
  behaviours: ["repo_persistence"],
  attack: ["T1546", "T1554", "T1195.002"],
  doc:
    "A process of the job that is not git writes a git hook or git's settings, a workflow, or a file " +
    "that an editor or a coding agent runs or obeys. High when the install script of a dependency does.",
  why:
    "The next git command, push or opened editor runs what stands there, with the rights of whoever " +
    "does it: a later job, a developer, or the repository's own workflows with their secrets.",
  benign: [
    "Managers of hooks (husky, lefthook, pre-commit and the like) install their hooks: low.",
    "A project's own set-up copies its hooks; a generator writes a workflow to be committed.",
    "Libraries that write git's settings without git.",
  ],
  evade: [
    "Bear the name of a manager of hooks, or be started by one.",
    "Change a script that an existing hook or workflow already runs.",
    "Use git itself to write: only settings that run commands are told by their arguments.",
  ],
  events: ["process_exec", ...changingEvents],

  match(event, job) {
    if (event.event === "process_exec") return judgeSettings(event, job);
    const path = changedPath(event);
    if (path === undefined) return undefined;
    const role = roleOf(path);
    if (role?.group === "repository") return judge(event, path, role, job);
    learnCheckout(path, job);
    return undefined;
  },

  examples: { fires, silent },
});

/** Only git itself makes these, and does so in every checkout. */
function learnCheckout(path: string, { memory, process }: JobContext): void {
  const at = path.indexOf("/.git/");
  if (at < 0 || !/^(HEAD|index|FETCH_HEAD)(\.lock)?$/.test(path.slice(at + 6))) return;
  if (isGit(process)) memory.set(`checkout ${path.slice(0, at)}`, 1);
}

function judge(event: ChangingEvent, path: string, role: FileRole, job: JobContext) {
  const { kind, at } = role;
  const { process, memory } = job;
  if (isElsewhere.test(path) || isPassing.test(path)) return undefined;
  if (isGit(process) || isAction(process) || isOwnTool.test(baseName(process.path)))
    return undefined;
  const script = installScriptOf(job);
  if (script && path.startsWith(`${script.folder || "/dev"}/`)) return undefined;
  const isCheckout = memory.get(`checkout ${path.slice(0, at)}`) !== undefined;
  if (!isCheckout && !script && (kind === "workflow" || kind === "editor")) return undefined;
  if (kind !== "git_hook" && kind !== "git_config" && isWholeCopy(job)) return undefined;
  if (isBySystemManager(job)) return undefined;
  const usual: Severity = kind === "git_hook" && isByHookManager(job) ? "low" : "medium";
  return found(event, path, role, job, script ? "high" : usual, script?.name);
}

const isElsewhere =
  /\/(node_modules|site-packages|dist-packages|vendor|\.cargo|\.cache|go\/pkg|gems|rootfs)\/.*\/\./;
const isPassing = /\.(lock|sample|orig|bak|sw[a-p])$|~$/;
/** They write their own settings. */
const isOwnTool = /^(claude|cursor|code|code-server|gemini|codex|git-lfs|cargo|jj|idea\w*)$/;

/** A tree that is copied or unpacked brings such files along; who means them says so. */
function isWholeCopy({ process: { path, args, cwd } }: JobContext): boolean {
  if (!isCopier.test(baseName(path))) return false;
  const says = [...args.slice(1), cwd];
  return !says.some((arg) =>
    /\/?\.(github|vscode|claude|cursor|gemini|devcontainer|mcp)\b/.test(arg),
  );
}
const isCopier = /^(cp|tar|bsdtar|rsync|unzip|cpio|7zz?|docker|podman|install)$/;

const managerNames =
  "husky|lefthook|pre-commit|pre_commit|simple-git-hooks|yorkie|ghooks|git-hooks|overcommit|captainhook|grumphp|lint-staged|prek|cargo-husky|githooks|hk";
const isManager = new RegExp(
  `^(${managerNames})([.-].*)?$|node_modules/(\\.bin/)?(${managerNames})(/|$)`,
);

const isByHookManager = (job: JobContext): boolean =>
  lineOf(job).some((process) => {
    const script = scriptOf(process);
    // The hook itself is no manager, though it may be called like one.
    if (script.includes(".git/hooks/")) return false;
    return isManager.test(baseName(script)) || isManager.test(script);
  });

function found(
  event: ChangingEvent,
  path: string,
  { kind, what }: FileRole,
  { process }: JobContext,
  severity: Severity,
  script?: string,
): Match {
  const who = script ? `, run by ${script},` : "";
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid})${who} ${verbOf(event)} ${path}, which is ${what}.`,
    evidence: { path, kind },
    key: path,
    severity,
  };
}

/** git is asked to run a command of the caller's at its next use; the name of a folder is less. */
function judgeSettings(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  const { path, args, step_key, process_key, pid } = event;
  const isFirst = job.memory.get("first") === undefined;
  if (isFirst || (step_key !== 0 && step_key === process_key)) {
    job.memory.set("first", 1);
    job.memory.set(`checkout ${event.cwd}`, 1);
  }
  if (baseName(path) !== "git" || !args.includes("config")) return undefined;
  const at = args.findIndex((arg) => isCommandKey.test(arg));
  const [key = "", value = ""] = at < 0 ? [] : args.slice(at);
  if (!isCommand(key.toLowerCase(), value)) return undefined;
  const severity = installScriptOf(job) ? "high" : isByHookManager(job) ? "low" : "medium";
  return {
    message: `git (pid ${pid}) was told to run ${value} by its setting ${key}.`,
    evidence: { key, value },
    key: `${key} ${value}`,
    severity,
  };
}
const isCommandKey =
  /^(core\.(hookspath|fsmonitor)|init\.templatedir|alias\..+|filter\..+\.(clean|smudge|process))$/i;

function isCommand(key: string, value: string): boolean {
  if (value === "" || value.startsWith("-")) return false;
  // Folders of the checkout are of the project, and what is in them is judged when it is written.
  if (key === "core.hookspath" || key === "init.templatedir") {
    return (
      /^(\/|~|\.\.)/.test(value) &&
      !value.startsWith("/dev/null") &&
      !/\/\.?(husky|githooks)\b/.test(value)
    );
  }
  if (key === "core.fsmonitor")
    return !/^(true|false|0|1)$/i.test(value) && !value.includes("watchman");
  if (key.startsWith("alias."))
    return /^!.*(curl|wget|nc |\/tmp\/|\/dev\/|base64|eval|python|node|bash)/.test(value);
  return /(curl|wget|\/tmp\/|\/dev\/shm|base64|eval|bash -c|sh -c)/.test(value);
}
