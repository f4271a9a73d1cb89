import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { tradeOf } from "./build_programs.ts";
import { fires, silent } from "./destruction_examples.ts";
import { installerOf, installScriptOf, isAction, isGit } from "./lineage.ts";

/*
 * Builds remove and overwrite files by the thousand: their own, in folders for that. What stands out
 * is breadth: one program that overwrites or removes many files of unrelated kinds which the job did
 * not make, that clears a home of what tools keep there, or that leaves each file under a new suffix.
 */
export const destruction = defineSignature({
  id: "JW-190",
  name: "bulk_destruction",
  title: "Files Destroyed in Bulk",
  severity: "high",
  behaviours: ["destructive_action"],
  attack: ["T1485", "T1486"],
  doc:
    "A program overwrites or removes many files of different kinds that the job did not make, " +
    "replaces many files by ones with a further suffix as encryption does, shreds files, or clears " +
    "a home directory of the settings and keys in it.",
  why:
    "What is lost belongs to the machine or to other jobs. Wipers and extortion start like this, and " +
    "so did protestware in widely used packages.",
  benign: [
    "The machine is cleaned by hand between jobs, home directory included.",
    "A tool that converts all files of a tree and removes the originals.",
  ],
  evade: [
    "Stay below the counts, or destroy in folders that are called like those of builds.",
    "Overwrite source code only: this is what formatters do.",
    "Remove a whole tree by rm or git, outside of homes.",
  ],
  events: ["file_open", "file_unlink", "file_rename", "file_truncate"],

  match(event, job) {
    switch (event.event) {
      case "file_open":
        if (event.access === "read" || event.access === "none") return undefined;
        if (event.created === "no") return judgeLoss("overwrote", event.path, job);
        noteMade(event.path, job);
        return undefined;
      case "file_truncate":
        return judgeLoss("overwrote", event.path, job);
      case "file_unlink":
        if (event.directory === "yes") return undefined;
        return (
          judgeSealed(event.path, job) ??
          judgeHome(event.path, job) ??
          judgeLoss("removed", event.path, job)
        );
      case "file_rename":
        return judgeRename(event, job);
    }
  },

  examples: { fires, silent },
});

const helpers =
  /^(rm|unlink|mv|cp|dd|truncate|openssl|gpg2?|age|7zz?|zip|shred|wipe|srm|tee|cat|base64)$/;
/** Small tools work on one file each; who runs them again and again did it. */
const actorOf = ({ path, process_key, parent_key }: Process): number =>
  helpers.test(baseName(path)) ? parent_key : process_key;

const lines = { sealed: 20, lost: 30, script: 20, shredded: 5, home: 3 } as const;

function count(key: string, { memory }: JobContext): number {
  const value = (memory.get(key) ?? 0) + 1;
  memory.set(key, value);
  return value;
}

/** A new file that is called like another one, with something behind it. */
function noteMade(path: string, { memory, process }: JobContext): void {
  memory.set(path, actorOf(process));
  const at = path.lastIndexOf(".");
  const base = path.slice(0, at);
  if (at < 0 || base.lastIndexOf(".") < base.lastIndexOf("/") || isUsual.test(path.slice(at)))
    return;
  memory.set("sealing", 1);
  memory.set(`sealed ${base}`, actorOf(process));
}
const isUsual =
  /^\.(gz|xz|bz2|zst|lz4|br|Z|bak|orig|old|tmp|map|d|o|lo|part|lock|swp|sig|asc|sha\d+|md5|new|json|js|ts|pyc|html|log|\d+)$|~$/;

function judgeSealed(path: string, job: JobContext): Match | undefined {
  const { memory, process } = job;
  if (memory.get("sealing") === undefined) return undefined;
  if (memory.get(`sealed ${path}`) !== actorOf(process)) return undefined;
  // What it made itself is no loss: compilers' caches are written beside and renamed.
  return memory.get(path) === actorOf(process) ? undefined : seal(path, job);
}

function seal(path: string, job: JobContext): Match | undefined {
  if (count(`seals ${actorOf(job.process)}`, job) < lines.sealed) return undefined;
  return found(
    job,
    "sealed",
    `left ${lines.sealed} files under a further suffix, and not themselves; the last was`,
    path,
  );
}

function judgeRename({ path, new_path }: EventNamed<"file_rename">, job: JobContext) {
  const { memory } = job;
  const maker = memory.get(path);
  if (maker !== undefined) memory.set(new_path, maker);
  if (maker === actorOf(job.process)) return undefined;
  if (new_path.length <= path.length || !new_path.startsWith(`${path}.`)) return undefined;
  return isUsual.test(new_path.slice(path.length)) ? undefined : seal(path, job);
}

const homes = /^(?:\/root|\/home\/[^/]+|\/.*\/home)\/([^/]+)/;
const personal =
  /^(\.(ssh|gnupg|aws|azure|config|kube|docker|mozilla|bashrc|profile|zshrc|gitconfig|netrc|npmrc|pypirc|vimrc|thunderbird|password-store)|Documents|Desktop|Pictures|Downloads|Music|Videos)$/;

/** What stands at the top of a home, each of another tool. */
function judgeHome(path: string, job: JobContext): Match | undefined {
  const top = homes.exec(path)?.[1];
  if (top === undefined || !personal.test(top) || job.memory.get(path) !== undefined)
    return undefined;
  const actor = actorOf(job.process);
  if (job.memory.get(`home ${actor} ${top}`) !== undefined) return undefined;
  job.memory.set(`home ${actor} ${top}`, 1);
  if (count(`homes ${actor}`, job) < lines.home) return undefined;
  return found(job, "home", "clears a home directory; the last was", path);
}

const families: ReadonlyMap<string, number> = new Map(
  [
    "png jpg jpeg gif ico webp bmp svg",
    "pdf doc docx xls xlsx ppt pptx odt ods rtf",
    "zip gz tgz tar xz 7z rar jar",
    "mp3 mp4 wav mov avi mkv ogg",
    "db sqlite sqlite3 csv sql parquet mdb",
    "txt md rst log",
    "js ts tsx jsx py c h cpp go rs java rb sh php json yml yaml html css scss xml toml",
    "pem key crt p12 pfx kdbx",
  ].flatMap((line, i) => line.split(" ").map((suffix): [string, number] => [suffix, 1 << i])),
);
const familyBits = 256;
const manyFamilies = 4;

const isOutput =
  /.\/(node_modules|build|dist|out|target|public|site|_site|docs|html|static|assets|coverage|tmp|temp|bin|obj|\.[a-z][^/]*|__pycache__|vendor|_work\/_[^/]+|CMakeFiles|testdata|fixtures)\/|^\/(tmp\/[^/]*$|var|proc|dev|sys|usr|opt|run)(\/|$)/;
const isSeen =
  /^(rm|tar|bsdtar|rsync|unzip|cp|mv|cmake|make|ninja|java|bazel|sed|apt.*|dpkg|find)$/;

function judgeLoss(
  verb: "overwrote" | "removed",
  path: string,
  job: JobContext,
): Match | undefined {
  const { memory, process } = job;
  const name = baseName(process.path);
  const actor = actorOf(process);
  if (shredders.test(name)) return judgeShredding(path, job);
  const maker = memory.get(path);
  if (maker !== undefined && (verb === "removed" || maker === actor)) return undefined;
  if (isSeen.test(name) || isOutput.test(path) || isAtWork(process)) return undefined;
  const family = families.get(path.slice(path.lastIndexOf(".") + 1)) ?? 0;
  const key = `lost ${actor}`;
  const before = memory.get(key) ?? 0;
  const mask = (before % familyBits) | family;
  const lost = Math.floor(before / familyBits) + 1;
  memory.set(key, lost * familyBits + mask);
  if (lost < lines.script) return undefined;
  const script = installScriptOf(job);
  const isBroad = lost >= lines.lost && (bitsOf(mask) >= manyFamilies || isHomes(path));
  if (!script && !isBroad) return undefined;
  const who = script ? `, run by ${script.name}, ` : " ";
  return found(
    job,
    "lost",
    `${verb} ${lost} files that were there before; the last was`,
    path,
    who,
  );
}
const shredders = /^(shred|wipe|srm)$/;

const isAtWork = (process: Process): boolean => {
  const { compiles, makes, packs } = tradeOf(process);
  return (
    compiles ||
    makes ||
    packs ||
    isGit(process) ||
    isAction(process) ||
    installerOf(process) !== undefined
  );
};

/** In a home, but not in the work of a runner that lives there. */
const isHomes = (path: string): boolean => homes.test(path) && !path.includes("/_work/");

function bitsOf(mask: number): number {
  let bits = 0;
  for (let left = mask; left > 0; left >>= 1) bits += left & 1;
  return bits;
}

function judgeShredding(path: string, job: JobContext): Match | undefined {
  if (job.memory.get(`shreds ${path}`) !== undefined) return undefined;
  job.memory.set(`shreds ${path}`, 1);
  if (count(`shredded ${actorOf(job.process)}`, job) < lines.shredded) return undefined;
  return found(
    job,
    "shredded",
    "overwrites files so that they cannot be recovered; the last was",
    path,
  );
}

function found(job: JobContext, kind: string, what: string, path: string, who = " "): Match {
  const { process } = job;
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid})${who}${what} ${path}.`,
    evidence: { kind, path },
    key: `${kind} ${actorOf(process)}`,
  };
}
