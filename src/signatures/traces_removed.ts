import type { Severity } from "../engine/severity.ts";
import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { isInContainer, learnNamespaces } from "./containers.ts";
import { installerOf, installScriptOf, isBySystemManager, lineOf, scriptOf } from "./lineage.ts";
import { programOf } from "./programs.ts";
import { fires, silent } from "./traces_removed_examples.ts";

/*
 * Logs of the system and of the runner, histories of shells, and the program or script that is just
 * running: who takes them away does not want to be asked about them.
 */
export const tracesRemoved = defineSignature({
  id: "JW-189",
  name: "traces_removed",
  title: "Traces Removed",
  severity: "medium",
  behaviours: ["anti_forensics"],
  attack: ["T1070.002", "T1070.003", "T1070.004"],
  doc:
    "A process of the job removes, cuts, replaces or rewrites a log of the system or of the runner, " +
    "or a history of commands; or a program removes itself, or the script that runs, while it runs.",
  why:
    "What happened can then no longer be read from the machine. Honest builds leave logs alone, and " +
    "have no reason to hide the program that runs.",
  benign: [
    "Images of machines are cleaned before they are saved: logs and histories are emptied.",
    "Self-extracting installers and generated scripts that remove themselves.",
  ],
  evade: [
    "Remove what is left after the program has ended, by another one that is not its child.",
    "Write lies into a log instead of cutting it, by appending.",
    "Set times back: no event tells of that.",
  ],
  events: [
    "process_exec",
    "file_unlink",
    "file_truncate",
    "file_rename",
    "file_symlink",
    "file_open",
  ],

  match(event, job) {
    switch (event.event) {
      case "process_exec":
        learnNamespaces(event, job);
        noteScript(event, job);
        return undefined;
      case "file_unlink":
        if (event.directory === "yes") return undefined;
        return judgeTrace("removed", event.path, job) ?? judgeSelf("removed", event.path, job);
      case "file_truncate":
        return judgeTrace("cut", event.path, job);
      case "file_rename":
        return (
          judgeTrace("moved away", event.path, job) ?? judgeTrace("replaced", event.new_path, job)
        );
      case "file_symlink":
        return judgeTrace("made a link of", event.path, job);
      case "file_open":
        return judgeOpen(event, job);
    }
  },

  examples: { fires, silent },
});

const append = 0o2000; // O_APPEND

/** Emptying a file by opening it leaves no other event; who adds to a log opens it to append. */
function judgeOpen(event: EventNamed<"file_open">, job: JobContext): Match | undefined {
  const { access, created, open_flags, path } = event;
  if (access === "read" || access === "none" || open_flags & append) return undefined;
  if (created === "yes" && traceOf(path)) job.memory.set(`made ${path}`, 1);
  return created === "yes" ? undefined : judgeTrace("opened for rewriting", path, job);
}

interface Trace {
  readonly what: string;
  readonly severity: Severity;
}
const systemLog: Trace = { what: "a log of the system", severity: "high" };
const runnerLog: Trace = { what: "a log of the runner", severity: "high" };
const history: Trace = { what: "a history of commands", severity: "medium" };

/** A path that is none of these is done with after a look at its beginning and one for its dots. */
function traceOf(path: string): Trace | undefined {
  if (path.startsWith("/var/") || path.startsWith("/run/")) {
    return isSystemLog.test(path) ? systemLog : undefined;
  }
  if (path.includes("/_diag/") && /\/_diag\/([^/]+\.log$|(pages|blocks)\/)/.test(path))
    return runnerLog;
  return path.endsWith("_history") && isHistory.test(path) ? history : undefined;
}
const isSystemLog =
  /^\/var\/log\/(wtmp|btmp|lastlog|faillog|auth\.log|secure|syslog|messages|kern\.log|daemon\.log|user\.log|cron(\.log)?|sudo\.log|maillog|audit\/.*|journal\/.*)$|^(\/var)?\/run\/utmp$/;
const isHistory = /\/\.?(bash|zsh|sh|python|fish|mysql|psql|sqlite|node_repl|rediscli)_history$/;

function judgeTrace(verb: string, path: string, job: JobContext): Match | undefined {
  const trace = traceOf(path);
  if (!trace || job.memory.get(`made ${path}`) !== undefined || isKeeper(trace, job))
    return undefined;
  const { process } = job;
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid}) ${verb} ${path}, ${trace.what}.`,
    evidence: { path, what: verb },
    key: path,
    severity: trace.severity,
  };
}

/** Who keeps such a file rewrites it. */
function isKeeper(trace: Trace, job: JobContext): boolean {
  const { path, args } = job.process;
  const name = baseName(path);
  if (trace === runnerLog) return name === "Runner.Worker" || name === "Runner.Listener";
  if (trace === systemLog) {
    return (
      /^(logrotate|savelog|systemd-\w+|rsyslogd|auditd|login|sshd|su|agetty)$/.test(name) ||
      isBySystemManager(job) ||
      isInContainer(job)
    );
  }
  const { kind } = programOf(path, args);
  // A shell at work for a person; one with a script or a command line has no history to keep.
  const isAtWork = kind === "shell" || /^(python|node|psql|mysql|sqlite|redis)/.test(name);
  return isAtWork && (args.length < 2 || args.includes("-i"));
}

/** What runs: by its executed file, and of a script by its name. The value is whose. */
function noteScript(event: EventNamed<"process_exec">, { memory, process }: JobContext): void {
  const { path, cwd, process_key } = event;
  if (!isInstalled.test(path)) memory.set(`runs ${path}`, process_key);
  const { kind } = programOf(path, process.args);
  if (kind !== "shell" && kind !== "interpreter") return;
  // Also of a script that was executed as a program: the kernel puts its name among the arguments.
  const script = scriptOf(process);
  if (script === path || script === "") return;
  memory.set(`runs ${absolute(script, cwd)}`, process_key);
}
const isInstalled = /^\/(usr|bin|sbin|lib|opt)\//;

function absolute(path: string, cwd: string): string {
  const plain = path.replace(/^(\.\/)+/, "");
  return plain.startsWith("/") ? plain : `${cwd}/${plain}`;
}

/** The program or script of this process, or of one that waits for it. */
function judgeSelf(verb: string, path: string, job: JobContext): Match | undefined {
  const key = job.memory.get(`runs ${path}`);
  if (key === undefined) return undefined;
  const line = lineOf(job);
  const at = line.findIndex(({ process_key }) => process_key === key);
  if (at < 0 || line[at]?.ended_us !== undefined) return undefined;
  if (line.slice(0, at + 1).some(isReplacingItself)) return undefined;
  const script = installScriptOf(job);
  const who = script ? `, run by ${script.name},` : "";
  return {
    message: `${baseName(job.process.path)} (pid ${job.process.pid})${who} ${verb} ${path} while it was running.`,
    evidence: { path },
    key: `itself ${path}`,
    severity: script ? "high" : "medium",
  };
}

/** Tools that renew themselves, or remove what they were asked to remove. */
const isReplacingItself = (process: Process): boolean =>
  installerOf(process) !== undefined ||
  /^(rustup(-init)?|uv|cargo|brew|git|conda|deno|volta|node-gyp|makeself.*|libtool)$/.test(
    baseName(process.path),
  );
