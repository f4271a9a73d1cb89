import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { tradeOf } from "./build_programs.ts";
import { installerOf, isGit } from "./lineage.ts";
import { fires, silent } from "./source_swapped_examples.ts";

/** What is known of a source file: nothing before the first change. */
const unchanged = 0;
const changed = 1;
const compiled = 2;
const gone = 3;
/** The job made it: a generator may write it as often as it likes. */
const made = 4;

/*
 * A source that was there before the job is changed, a compiler reads it, and then it is changed
 * again: put back, so that nobody sees what was compiled. Generators write the same file twice by
 * the same command, sed twice for two configurations, and git restores: these are not meant.
 */
export const sourceSwapped = defineSignature({
  id: "JW-186",
  name: "source_swapped",
  title: "Source Swapped While It Was Compiled",
  severity: "medium",
  behaviours: ["build_tampering"],
  attack: ["T1195.002", "T1554"],
  doc:
    "A source file is replaced, read by a compiler, and put back: high when the original was moved " +
    "aside and back, medium when another command writes the file again.",
  why:
    "The product then contains code that is neither in the commit nor on the disk afterwards. So the " +
    "builds of SolarWinds were poisoned for months.",
  benign: [
    "A script that moves a header aside, builds a variant, and moves it back.",
    "Builds of several configurations that copy one over a file of the checkout.",
  ],
  evade: [
    "Write the original back through the same open, or by the same process: a repeated open of one " +
      "process is not told again.",
    "Restore by git, or leave the changed source there.",
    "Change what the compiler reads by its search path, and not the file.",
  ],
  events: ["file_open", "file_write", "file_rename", "file_unlink"],

  match(event, job) {
    switch (event.event) {
      case "file_open":
        return judgeOpen(event, job);
      case "file_write":
        return isSource(event.path) ? judgeChange(event.path, job) : undefined;
      case "file_unlink":
        if (isSource(event.path)) noteRemoval(event.path, job);
        return undefined;
      case "file_rename":
        return judgeRename(event, job);
    }
  },

  examples: { fires, silent },
});

const suffixes: ReadonlySet<string> = new Set(
  "c cc cpp cxx h hh hpp hxx inl go rs java kt scala swift cs m mm f f90 s S asm ts tsx ml hs d zig cu vb fs".split(
    " ",
  ),
);
const isSource = (path: string): boolean => suffixes.has(path.slice(path.lastIndexOf(".") + 1));

function judgeOpen({ path, access, created }: EventNamed<"file_open">, job: JobContext) {
  const { memory, process } = job;
  if (access === "read") {
    // Compilers read thousands of files, of which hardly one was changed.
    if (memory.get("changed") === undefined || memory.get(path) !== changed) return undefined;
    if (tradeOf(process).compiles) memory.set(path, compiled);
    return undefined;
  }
  if (access === "none" || !isSource(path)) return undefined;
  if (created === "yes" && memory.get(path) !== gone) {
    memory.set(path, made);
    return undefined;
  }
  return judgeChange(path, job);
}

/** Whoever restores by right, or writes sources as its work. */
const isTrusted = (process: Process): boolean =>
  isGit(process) || tradeOf(process).compiles || installerOf(process) !== undefined;

function noteRemoval(path: string, { memory, process }: JobContext): void {
  const state = memory.get(path);
  if (state === made || isTrusted(process)) return;
  memory.set(path, state === compiled ? compiled : gone);
}

function judgeChange(path: string, job: JobContext): Match | undefined {
  const { memory, process } = job;
  const state = memory.get(path);
  if (state === made) return undefined;
  if (isTrusted(process)) {
    if (state !== undefined) memory.set(path, unchanged);
    return undefined;
  }
  const command = numberOf(process);
  if (state !== compiled) {
    memory.set("changed", 1);
    memory.set(path, changed);
    memory.set(`by ${path}`, command);
    return undefined;
  }
  const { hand } = tradeOf(process);
  const isSame =
    memory.get(`by ${path}`) === command || isStreamEditor.test(baseName(process.path));
  return hand && !isSame ? found(path, "medium", job) : undefined;
}
const isStreamEditor = /^(sed|perl.*|awk|gawk|mawk)$/;

/** The command line as a number: a generator that runs again is the same. */
function numberOf({ path, args }: Process): number {
  let sum = 0;
  for (const text of [path, ...args]) {
    for (let at = 0; at < text.length && at < longestCommand; at++) {
      sum = (sum * 31 + text.charCodeAt(at)) | 0;
    }
  }
  return sum;
}
const longestCommand = 4096;

function judgeRename({ path, new_path }: EventNamed<"file_rename">, job: JobContext) {
  const { memory, process } = job;
  if (isSource(path) && memory.get(path) !== made && !isTrusted(process)) {
    noteRemoval(path, job);
    memory.set(`aside ${new_path} ${path}`, 1);
  }
  if (!isSource(new_path)) return undefined;
  const isBack = memory.get(`aside ${path} ${new_path}`) !== undefined;
  if (isBack && memory.get(new_path) === compiled) return found(new_path, "high", job);
  if (isBack) {
    memory.set(new_path, unchanged);
    return undefined;
  }
  return judgeChange(new_path, job);
}

function found(path: string, severity: "medium" | "high", { process }: JobContext): Match {
  return {
    message: `${baseName(process.path)} (pid ${process.pid}) changed ${path} once more after a compiler had read a changed one.`,
    evidence: { path },
    key: path,
    severity,
  };
}
