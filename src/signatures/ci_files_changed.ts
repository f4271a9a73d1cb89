import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { fires, silent } from "./ci_files_changed_examples.ts";
import { type ChangingEvent, changedPath, changingEvents, verbOf } from "./file_changes.ts";
import { type FileRole, roleOf } from "./file_roles.ts";
import { installerOf, installScriptOf, isAction } from "./lineage.ts";

/*
 * The runner keeps, in folders that each step may write, what it runs next: the scripts of steps, the
 * code of actions, and the files by which a step sets variables and the search path of the next
 * ones. Actions are unpacked before the first step; tools are added, and not changed.
 *
 * So a new file is nobody's business, and a change of one that was there before is. A removed file
 * that is made again is a change.
 */
export const ciFilesChanged = defineSignature({
  id: "JW-183",
  name: "ci_files_changed",
  title: "What Later Steps Run Was Changed",
  severity: "high",
  behaviours: ["ci_tampering"],
  attack: ["T1554", "T1574.007"],
  doc:
    "A process of the job changes code of an action, a tool in the runner's cache, or another step's " +
    "script; or it sets variables for the next steps from a dependency's install script, from a step " +
    "that is over, or to names that make programs load other code.",
  why:
    "Steps that come later run what they find there, with their own secrets, though nothing in the " +
    "workflow file has changed. What is in the tool cache reaches the jobs of other repositories too.",
  benign: [
    "A workflow repairs or patches a tool in the cache by hand.",
    "An action that changes its own unpacked files.",
  ],
  evade: [
    "Set variables from the step's own shell: this is what the files are for, and content is not seen.",
    "Add a file that an action or a tool looks for, and that was not there.",
    "Use folders that are not called as the runner calls them.",
  ],
  events: ["process_exec", "file_unlink", ...changingEvents],

  match(event, job) {
    if (event.event === "process_exec") return judgeWords(event, job);
    if (event.event === "file_unlink") {
      noteRemoval(event, job);
      return undefined;
    }
    const path = changedPath(event);
    if (path === undefined) return undefined;
    const role = roleOf(path);
    return role?.group === "ci" ? judge(event, path, role, job) : undefined;
  },

  examples: { fires, silent },
});

function noteRemoval({ path }: EventNamed<"file_unlink">, { memory }: JobContext): void {
  const role = roleOf(path);
  if (role?.group !== "ci" || memory.get(`made ${path}`) !== undefined) return;
  memory.set(`gone ${path}`, 1);
}

function judge(event: ChangingEvent, path: string, role: FileRole, job: JobContext) {
  if (isRunners(job)) return undefined;
  if (role.kind === "command_file") return judgeCommands(event, path, job);
  if (!isCode.test(path) || isRefreshed.test(path)) return undefined;
  const { memory } = job;
  if (event.event === "file_rename" && nameless(event.path) === nameless(path)) return undefined;
  if (isMade(event, path, job)) {
    if (memory.get(`gone ${path}`) === undefined) return undefined;
  } else if (memory.get(`made ${path}`) !== undefined) return undefined;
  if (isCaretaker(role, job)) return undefined;
  return found(event, path, role, job, "high");
}

/** The Worker, and what it starts outside of steps: only where there is a Worker. */
const isRunners = ({ memory, process }: JobContext): boolean =>
  memory.get("worker") !== undefined && process.step_key === 0;

const nameless = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/** Whether the file is new by this event, or by an earlier one of the job. */
function isMade(event: ChangingEvent, path: string, { memory }: JobContext): boolean {
  const isNew =
    event.event === "file_symlink" ||
    event.event === "file_link" ||
    (event.event === "file_open" && event.created === "yes");
  if (isNew) memory.set(`made ${path}`, 1);
  return isNew;
}

/** What runs; the rest is data, as caches and marks are. */
const isCode = /(\.(c?js|mjs|sh|py|ps1|ya?ml|so|jar|node|rb|pl)|\/Dockerfile|\/bin\/[^/]+)$/;
const isRefreshed = /\/(__pycache__|\.cache|\.git|node_modules\/\.[^/]+)\/|\.pyc$/;

/** pip in a cached Python, npm in a cached Node: they renew themselves and what they installed. */
function isCaretaker({ kind }: FileRole, job: JobContext): boolean {
  if (kind === "tool") return isAction(job.process) || installerOf(job.process) !== undefined;
  return kind === "action" && installerOf(job.process) !== undefined;
}

function judgeCommands(event: ChangingEvent, path: string, job: JobContext): Match | undefined {
  const { memory, process } = job;
  const script = installScriptOf(job);
  if (script) return found(event, path, commandFile, job, "high", `${script.name} `);
  const current = memory.get("step");
  if (current !== undefined && process.step_key !== 0 && process.step_key !== current) {
    return found(event, path, commandFile, job, "high", "a step that is over ");
  }
  if (event.event === "file_open" || event.event === "file_write") return undefined;
  if (isEditor.test(baseName(process.path))) return undefined;
  return found(event, path, commandFile, job, "medium");
}
const commandFile = {
  kind: "command_file",
  what: "what the runner sets for the next steps",
} as const;
/** They write beside the file and rename. */
const isEditor = /^(sed|perl|ruby|sponge)$/;

function found(
  event: ChangingEvent,
  path: string,
  { kind, what }: Pick<FileRole, "kind" | "what">,
  { process }: JobContext,
  severity: "medium" | "high",
  by = "",
): Match {
  const who = by ? `, of ${by.trim()},` : "";
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid})${who} ${verbOf(event)} ${path}, which is ${what}.`,
    evidence: { path, kind },
    key: path,
    severity,
  };
}

/** A command line that says which variable it sets. */
function judgeWords(event: EventNamed<"process_exec">, { memory }: JobContext): Match | undefined {
  const { path, args, step_key, process_key, pid } = event;
  if (memory.get("first") === undefined) {
    memory.set("first", 1);
    if (/\/bin[.\d]*\/Runner\.Worker$/.test(path)) memory.set("worker", process_key);
  }
  if (step_key !== 0 && step_key === process_key) memory.set("step", step_key);
  const text = args.find((arg) => arg.includes("GITHUB_ENV") && setsLoading.test(arg));
  if (text === undefined || isAllocator.test(text)) return undefined;
  const set = setsLoading.exec(text);
  const name = set?.[1] ?? set?.[2] ?? "";
  return {
    message: `${baseName(path)} (pid ${pid}) sets ${name} for all later steps, by which their programs load other code.`,
    evidence: { variable: name },
    key: `variable ${name}`,
    severity: "medium",
  };
}
const setsLoading =
  /\b(LD_PRELOAD|LD_AUDIT|BASH_ENV|PROMPT_COMMAND|PYTHONSTARTUP|PERL5OPT)\s*=|\b(NODE_OPTIONS)\s*=[^\n]*?(--require|--import|--loader|-r )/;
const isAllocator =
  /LD_PRELOAD\s*=[^\n]*lib(jemalloc|tcmalloc|mimalloc|asan|tsan|ubsan|hwasan|fakeroot|eatmydata|gomp)/;
