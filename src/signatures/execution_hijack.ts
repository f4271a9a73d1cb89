import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { placeOf } from "./file_places.ts";

/*
 * Variables and files that make other programs load code. The variables have honest uses, all of
 * which name something that lies where programs are installed, or in the sources. So what counts is
 * where the named file lies, and for the loader's own variables, who is made to load it.
 */
export const executionHijack = defineSignature({
  id: "JW-166",
  name: "execution_hijack",
  title: "Programs Made to Load Other Code",
  severity: "medium",
  behaviours: ["execution_hijack"],
  attack: ["T1574.006", "T1574.007"],
  doc:
    "A program started with a variable that makes it load code from a temporary, hidden or shared " +
    "place; or a process changed the list of libraries that every program loads.",
  why:
    "Code that is loaded into a compiler, a shell or git sees and changes all that they do, while " +
    "every file of theirs stays as it was.",
  benign: [
    "fakeroot, sanitizers, allocators, stdbuf and profilers preload installed libraries: silent.",
    "Tests of a library that is built to be preloaded: low, when it lies in the sources.",
    "Debuggers and coverage tools that name their hooks in NODE_OPTIONS or JAVA_TOOL_OPTIONS.",
  ],
  evade: [
    "Put the library or hook where programs are installed, or among the sources.",
    "Have the running program set the variable for itself and load by hand.",
    "Libraries that are found first by LD_LIBRARY_PATH, RPATH or PYTHONPATH are not looked at.",
    "A wrapper of a compiler in front of PATH is told only as a dropped file.",
  ],
  events: [
    ...(["exec_environment", "file_open", "file_write"] as const),
    ...(["file_rename", "file_link", "file_symlink"] as const),
  ],

  match(event, job) {
    switch (event.event) {
      case "exec_environment":
        return byVariable(event, job);
      case "file_open":
        return event.created === "yes" || event.access.includes("write")
          ? byList(event.path, job)
          : undefined;
      case "file_write":
      case "file_symlink":
        return byList(event.path, job);
      case "file_rename":
      case "file_link":
        return byList(event.new_path, job);
    }
  },

  examples: {
    fires: [
      [exec("/usr/bin/ls"), has("LD_PRELOAD", "/tmp/evil.so")],
      [exec("/usr/bin/git"), has("LD_AUDIT", "/dev/shm/a.so")],
      [exec("/usr/bin/make"), has("LD_PRELOAD", "./wrap.so")],
      [exec("/usr/bin/node"), has("NODE_OPTIONS", "--max-old-space-size=4096 --require /tmp/x.js")],
      [exec("/usr/bin/bash"), has("BASH_ENV", "/tmp/.env")],
      [exec("/usr/bin/perl"), has("PERL5OPT", "-I/tmp/x -Mevil")],
      [exec("/usr/bin/java"), has("JAVA_TOOL_OPTIONS", "-javaagent:/var/tmp/a.jar")],
      [exec("/usr/bin/tee"), { event: "file_write", process_key: 2, path: "/etc/ld.so.preload" }],
      [{ event: "file_rename", process_key: 2, path: "/tmp/x", new_path: "/etc/ld.so.preload" }],
    ],
    silent: [
      [exec("/usr/bin/ls"), has("LD_PRELOAD", "libfakeroot-sysv.so")],
      [exec("/usr/bin/ls"), has("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2")],
      [exec("/home/ci/app/test"), has("LD_PRELOAD", "/home/ci/app/build/libx.so")],
      [exec("/usr/bin/node"), has("NODE_OPTIONS", "--max-old-space-size=4096")],
      [exec("/usr/bin/node"), has("NODE_OPTIONS", "--require /home/ci/app/.pnp.cjs")],
      [exec("/usr/bin/node"), has("ENV", "production")],
      [exec("/usr/bin/git"), has("GIT_SSH_COMMAND", "ssh -i /tmp/key -o BatchMode=yes")],
      [{ event: "file_open", process_key: 2, path: "/etc/ld.so.preload", access: "read" }],
    ],
  },
});

function byList(path: string, { process }: JobContext): Match | undefined {
  if (path !== "/etc/ld.so.preload") return undefined;
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid}) changed ${path}, which every program obeys that starts.`,
    evidence: { path, program: process.path, pid: process.pid },
    key: path,
    severity: "high",
  };
}

function byVariable(event: EventNamed<"exec_environment">, job: JobContext): Match | undefined {
  const { variable, value } = event;
  const isLoader = variable === "LD_PRELOAD" || variable === "LD_AUDIT";
  const files = filesOf(variable, value);
  for (const file of files) {
    const severity = isLoader ? severityOfLibrary(file, job.process.path) : severityOfHook(file);
    if (severity) return found(event, file, severity, job);
  }
  return undefined;
}

/** The files that a value names. */
function filesOf(variable: string, value: string): readonly string[] {
  if (variable === "LD_PRELOAD") return value.split(/[\s:]+/).filter((word) => word.includes("/"));
  if (variable === "LD_AUDIT") return value.split(":").filter((word) => word.includes("/"));
  // The program of git's connections is the first word; keys and sockets that follow are no code.
  if (variable === "GIT_SSH_COMMAND") return /^\/\S+/.exec(value.trim())?.slice(0, 1) ?? [];
  return value
    .split(/[\s=:'"]+|(?<=^-[A-Za-z])(?=\/)|\s-[A-Za-z](?=\/)/)
    .map((word) => word.replace(/^-[A-Za-z](?=\/)/, ""))
    .filter((word) => word.startsWith("/"));
}

type Severity = "low" | "medium" | "high";

function severityOfLibrary(file: string, program: string): Severity | undefined {
  const place = placeOf(file);
  const isOwn = placeOf(program) !== "system";
  if (place === "shared_memory" || place === "hidden") return "high";
  if (place === "system" || place === "package") return undefined;
  if (place === "temporary" && file.startsWith("/")) return isOwn ? "low" : "medium";
  return isOwn ? undefined : "low";
}

function severityOfHook(file: string): Severity | undefined {
  const place = placeOf(file);
  if (place === "shared_memory") return "high";
  const isTemporary = /^\/(tmp|var\/tmp|run\/user\/\d+)\//.test(file);
  return isTemporary && (place === "temporary" || place === "hidden") ? "medium" : undefined;
}

function found(
  { variable, value }: EventNamed<"exec_environment">,
  file: string,
  severity: Severity,
  { process }: JobContext,
): Match {
  const { path, pid } = process;
  return {
    message: `${baseName(path) || "A process"} (pid ${pid}) was started with ${variable}, which makes it load ${file}.`,
    evidence: { variable, value: value.slice(0, 300), file, program: path, pid },
    key: `${variable} ${file} ${severity}`,
    severity,
  };
}

function exec(path: string): Samples {
  return { event: "process_exec", process_key: 2, path, args: [baseName(path)] };
}

function has(variable: EventNamed<"exec_environment">["variable"], value: string): Samples {
  return { event: "exec_environment", process_key: 2, variable, value };
}
