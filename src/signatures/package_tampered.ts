import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { created, renamed, started, wrote } from "./examples.ts";
import { type ChangingEvent, changedPath, changingEvents, verbOf } from "./file_changes.ts";
import {
  type InstallScript,
  installerOf,
  installScriptOf,
  isBySystemManager,
  isGit,
  scriptOf,
} from "./lineage.ts";
import { programOf } from "./programs.ts";

/*
 * Installed packages are written by the installer. A dependency's own script may write into its own
 * folder, and into caches; a script or interpreter that changes installed code that was there, and
 * that is no tool for patches, does what no build does.
 */
export const packageTampered = defineSignature({
  id: "JW-185",
  name: "package_tampered",
  title: "Installed Package Changed by Other Code",
  severity: "medium",
  behaviours: ["package_tampering"],
  attack: ["T1195.001", "T1554"],
  doc:
    "Code of a dependency that runs during the installation writes into another package, or publishes " +
    "one: high. A script that is no installer changes code of an installed package: medium.",
  why:
    "The build then uses code that nobody published under that name and version, and neither the lock " +
    "file nor a review shows it. Publishing spreads it further.",
  benign: [
    "A workflow patches an installed package by a script of its own, not by a tool for patches.",
    "A plug-in that registers itself in another package when it is installed.",
  ],
  evade: [
    "Add a file that the other package loads, from a program that is not run by an installer.",
    "Change the package through sed or patch, as honest workflows do.",
    "Bear the name of an installer.",
  ],
  events: ["process_exec", ...changingEvents],

  match(event, job) {
    if (event.event === "process_exec") {
      if (mayRunScripts(job.process)) job.memory.set("scripts", 1);
      return judgePublishing(event, job);
    }
    const path = changedPath(event);
    if (path === undefined || (!path.includes("-packages/") && !path.includes("/node_modules/"))) {
      return undefined;
    }
    return judge(event, path, job);
  },

  examples: {
    fires: [
      [npm(), script(), wrote(2, "/w/node_modules/y/index.js")],
      [npm(), script(), renamed(2, "/w/node_modules/x/a", "/w/node_modules/@s/y/index.js")],
      [npm(), script(), { ...started(3, "/usr/bin/node", "/usr/bin/npm", "publish") }],
      [
        pip(),
        { ...started(2, "/w/v/bin/python", "setup.py", "egg_info"), cwd: "/tmp/pip-req-build-x" },
        wrote(2, "/w/v/lib/python3/site-packages/y/a.py"),
      ],
      [started(1, "/usr/bin/python3.11", "x.py"), wrote(1, "/w/node_modules/y/index.js")],
      [started(1, "/usr/bin/node", "x.js"), renamed(1, "/tmp/x", "/w/node_modules/y/index.js")],
    ],
    silent: [
      [npm(), wrote(1, "/w/node_modules/y/index.js")],
      [npm(), script(), wrote(2, "/w/node_modules/x/build/index.js")],
      [npm(), script(), wrote(2, "/w/node_modules/.cache/x.js")],
      [pip(), wrote(1, "/w/v/lib/python3/site-packages/y/a.py")],
      [
        started(1, "/usr/bin/node", "/w/node_modules/.bin/patch-package"),
        wrote(1, "/w/node_modules/y/index.js"),
      ],
      [
        started(1, "/usr/bin/node", "x.js"),
        created(1, "/w/node_modules/y/new.js"),
        wrote(1, "/w/node_modules/y/new.js"),
      ],
      [started(1, "/usr/bin/node", "x.js"), wrote(1, "/w/node_modules/y/data.bin")],
      [started(1, "/usr/bin/node", "/usr/bin/npm", "publish")],
      [started(1, "/usr/bin/node", "x.js"), wrote(1, "/w/src/index.js")],
    ],
  },
});

/** Until one of these was seen, no code of a dependency can be at work. */
const mayRunScripts = (process: Process): boolean =>
  installerOf(process) !== undefined || process.path.includes("/build");

/** The package that a file is of: the last that is named in its path. */
const packageOf = /^.*\/(?:node_modules\/((?:@[^/]+\/)?[^/]+)|(?:site|dist)-packages\/([^/]+))/;

function judge(event: ChangingEvent, path: string, job: JobContext): Match | undefined {
  const isNew = event.event === "file_open" && event.created === "yes";
  if (isNew && isCode.test(path)) job.memory.set(path, 1);
  if (isNew && job.memory.get("scripts") === undefined) return undefined;
  if (installerOf(job.process) || isGit(job.process)) return undefined;
  const found = packageOf.exec(path);
  const name = found?.[1] ?? found?.[2];
  if (name === undefined || /^[._]|^pip/.test(name) || isBuilding.test(path)) return undefined;
  const script = job.memory.get("scripts") && installScriptOf(job);
  if (script) return judgeScript(event, path, name, script, job);
  if (job.memory.get(path) !== undefined || !isCode.test(path) || isPatching(job)) return undefined;
  return tampered(event, path, name, job);
}
const isBuilding = /\/(pip-[^/]+|build|\.tox|\.nox)\//;
const isCode = /\.([cm]?js|py|so|node)$/;

function judgeScript(
  event: ChangingEvent,
  path: string,
  name: string,
  script: InstallScript,
  job: JobContext,
) {
  if (script.folder !== "" && path.startsWith(`${script.folder}/`)) return undefined;
  return tampered(event, path, name, job, script);
}

/** Interpreters and shells change files because a script says so; sed and patch are used by hand. */
function isPatching(job: JobContext): boolean {
  const { kind } = programOf(job.process.path, job.process.args);
  if (kind !== "interpreter" && kind !== "shell") return true;
  return isPatcher.test(scriptOf(job.process)) || isBySystemManager(job);
}
const isPatcher = /(patch|ngcc|2to3|lib2to3|setup\.py|electron-rebuild|node-gyp|prisma|babel|tsc)/;

function tampered(
  event: ChangingEvent,
  path: string,
  name: string,
  { process }: JobContext,
  script?: InstallScript,
): Match {
  const who = script ? `, run by ${script.name},` : "";
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid})${who} ${verbOf(event)} ${path}, which is of the installed package ${name}.`,
    evidence: { path, package: name },
    key: name,
    severity: script ? "high" : "medium",
  };
}

function judgePublishing(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  const { args, pid } = event;
  if (!args.includes("publish") && !args.includes("upload") && !args.includes("push"))
    return undefined;
  if (!isPublisher.test(baseName(scriptOf(job.process)))) return undefined;
  // The publisher is an installer too: who runs it is the question.
  const by = job.processOf(event.parent_key);
  const script = by && installScriptOf({ ...job, process: by });
  if (!script) return undefined;
  return {
    message: `${baseName(scriptOf(job.process))} (pid ${pid}), run by ${script.name}, publishes a package.`,
    evidence: { program: baseName(scriptOf(job.process)) },
    key: "publishes",
    severity: "high",
  };
}
const isPublisher = /^(npm|npm-cli\.js|pnpm|yarn|bun|twine|cargo|gem|poetry|uv)(\.\w+)?$/;

function npm() {
  return started(1, "/usr/bin/node", "/usr/bin/npm", "ci");
}

function script() {
  return { ...started(2, "/usr/bin/node", "install.js"), cwd: "/w/node_modules/x" };
}

function pip() {
  return started(1, "/w/v/bin/python", "-m", "pip", "install", "x");
}
