import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { fires, silent } from "./dropped_code_examples.ts";
import { noteRead, noteWrite, type Origin, originOf } from "./file_origins.ts";
import { type FilePlace, placeOf, placeText } from "./file_places.ts";
import { isOfPackageHook } from "./package_hooks.ts";
import { noteConnect, notePipes } from "./pipes.ts";
import { programOfProcess } from "./tools.ts";

/*
 * New code in a build is usual: compilers make it, package managers, git and unpackers bring it. So
 * what counts is who put the file there (by inode, whatever it is called now), where its bytes are
 * from, where it lies, and for whom it runs. Each alone is low; shared memory, a hidden place, a
 * decoder, or the hook of a package make it more.
 */
export const droppedCode = defineSignature({
  id: "JW-161",
  name: "dropped_code",
  title: "Newly Dropped Code Was Run",
  severity: "low",
  behaviours: ["dropped_binary"],
  attack: ["T1105", "T1059", "T1204.002", "T1564.001"],
  doc: "A process ran a program or script that a process of the same job had put there.",
  why:
    "Malware comes in two steps: something small that everybody trusts fetches or unpacks the " +
    "rest, puts it where nobody looks, and runs it.",
  benign: [
    "Installers that fetch a program and run it, such as those of rustup, codecov or kubectl: low.",
    "Packages that fetch a program for this machine while they are installed, such as esbuild: low.",
    "Tests that put programs into temporary directories: low.",
    "Tools that keep their programs in hidden files of a temporary directory.",
  ],
  evade: [
    "Write through a program that counts as compiler, package manager or unpacker.",
    "Write more than 16,000 other files before running it.",
    "Put a script into an ordinary place without fetching it.",
    "Have it written by a process of no job, such as a service.",
  ],
  events: ["process_exec", "file_write", "file_open", "socket_connect"],

  match(event, job) {
    switch (event.event) {
      case "file_write":
        noteWrite(event, job);
        return undefined;
      case "socket_connect":
        noteConnect(event, job);
        return undefined;
      case "process_exec":
        notePipes(event, job);
        return judge({ ...event, is_script: false }, job);
      case "file_open":
        noteRead(event, job);
        return isOwnScript(event, job) ? judge({ ...event, is_script: true }, job) : undefined;
    }
  },

  examples: { fires, silent },
});

interface Code {
  readonly device: number;
  readonly inode: number;
  readonly path: string;
  readonly is_script: boolean;
}

/**
 * Whether an interpreter opens the file that it was told to run: the first one of its arguments that
 * it opens. Those after it are what the script works on.
 */
function isOwnScript(event: EventNamed<"file_open">, { process, memory }: JobContext): boolean {
  const { access, path, inode } = event;
  if (access !== "read") return false;
  const { kind, code } = programOfProcess(process);
  if ((kind !== "shell" && kind !== "interpreter") || code.from !== "file") return false;
  const name = baseName(path);
  if (!process.args.slice(1).some((arg) => baseName(arg) === name && !arg.startsWith("-"))) {
    return false;
  }
  const key = `script ${process.process_key} ${process.execs}`;
  const first = memory.get(key);
  if (first === undefined) memory.set(key, inode);
  return first === undefined || first === inode;
}

function judge(code: Code, job: JobContext): Match | undefined {
  const origin = originOf(code, job);
  if (!origin || origin.tool === "build" || origin.tool === "package") return undefined;
  const place = placeOf(code.path);
  const severity = severityOf(code, origin, place, job);
  if (!severity) return undefined;
  const { pid, path: program } = job.process;
  return {
    message: sentence(code, origin, place, pid),
    evidence: {
      ...{ path: code.path, place, written_by: origin.tool, pid, program, inode: code.inode },
      ...{ fetched: origin.is_fetched ? "yes" : "no", decoded: origin.is_decoded ? "yes" : "no" },
    },
    severity,
    behaviours: behavioursOf(origin),
    key: `${code.device} ${code.inode} ${code.path}`,
  };
}

function severityOf(
  { path, is_script }: Code,
  { tool, is_fetched, is_decoded }: Origin,
  place: FilePlace,
  job: JobContext,
): "low" | "medium" | "high" | undefined {
  const isOdd = place === "shared_memory" || place === "hidden";
  const isHook = place !== "package" && isOfPackageHook(job.process, job);
  if (isHook && !is_script && isRuntime.test(baseName(path))) return "high";
  if (is_decoded) return isOdd || (place === "temporary" && !is_script) ? "high" : "medium";
  if (tool === "archive") return isOdd ? "medium" : undefined;
  if (is_fetched)
    return isOdd || (isHook && place === "temporary") ? "high" : isHook ? "medium" : "low";
  if (isOdd && is_script && place === "hidden")
    return isTemporary.test(path) ? "medium" : undefined;
  if (tool === "copy") return place === "shared_memory" ? "high" : isOdd ? "medium" : undefined;
  if (isOdd) return is_script ? "medium" : "high";
  return place === "temporary" && !is_script ? "low" : undefined;
}

const isRuntime =
  /^(bun|deno|node|nodejs|python[\d.]*|pypy[\d.]*|ruby|perl|php|lua|java|uv|go|pwsh)$/;
const isTemporary = /^\/(tmp|var\/tmp|run\/user\/\d+)\//;

function behavioursOf({ is_fetched, is_decoded }: Origin): NonNullable<Match["behaviours"]> {
  if (is_fetched && is_decoded)
    return ["download_execute", "dropped_binary", "obfuscated_execution"];
  if (is_fetched) return ["download_execute", "dropped_binary"];
  return is_decoded ? ["dropped_binary", "obfuscated_execution"] : ["dropped_binary"];
}

function sentence(
  { path, is_script }: Code,
  origin: Origin,
  place: FilePlace,
  pid: number,
): string {
  const what = is_script ? "script" : "program";
  const how = origin.is_decoded
    ? "decoded from text"
    : origin.is_fetched
      ? "fetched from the network"
      : "put there";
  return `Process ${pid} ran the ${what} ${path}, which this job had ${how} ${placeText[place]}.`;
}
