import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { tradeOf } from "./build_programs.ts";
import { read, renamed, started, wrote } from "./examples.ts";

const foreign = 1;
const built = 2;

/*
 * Objects come from compilers and assemblers. One that a shell, a decompressor, a download or an
 * interpreter wrote, and that a linker then reads, is code without source in this build.
 */
export const foreignObject = defineSignature({
  id: "JW-187",
  name: "foreign_object_linked",
  title: "Object Linked That No Compiler Wrote",
  severity: "high",
  behaviours: ["build_tampering"],
  attack: ["T1195.002", "T1027.009"],
  doc:
    "A linker or archiver reads an object or static library that was written during the job by a " +
    "shell, a filter such as xz, a download or an interpreter.",
  why:
    "This is how the back door of xz came into liblzma: the object lay hidden in a test file, and a " +
    "step of the build unpacked it and slipped it into the link. No source shows it.",
  benign: [
    "A build that is given its binary parts as files, and copies them with cat or a script.",
    "A build system in a scripting language that keeps objects in a cache of its own.",
  ],
  evade: [
    "Unpack the object with tar or git, as a cache of objects is, or bring it with the checkout.",
    "Give it a name that is not of an object, or compile it from generated source.",
  ],
  events: ["file_open", "file_write", "file_rename"],

  match(event, job) {
    switch (event.event) {
      case "file_open":
        return judgeOpen(event, job);
      case "file_write":
        note(event.path, job);
        return undefined;
      case "file_rename": {
        if (!isObject(event.new_path)) return undefined;
        const known = job.memory.get(event.path) ?? built;
        if (known === foreign || job.memory.get(event.new_path))
          job.memory.set(event.new_path, known);
        return undefined;
      }
    }
  },

  examples: {
    fires: [
      [started(1, "/usr/bin/xz", "-d"), wrote(1, "/w/crc.o"), ld(), read(2, "/w/crc.o")],
      [started(1, "/usr/bin/dash"), wrote(1, "/w/crc.o"), ld(), read(2, "/w/crc.o")],
      [started(1, "/usr/bin/python3.11"), wrote(1, "/w/x.a"), ld(), read(2, "/w/x.a")],
      [
        started(1, "/usr/bin/curl"),
        wrote(1, "/w/x.o"),
        renamed(1, "/w/x.o", "/w/y.o"),
        ld(),
        read(2, "/w/y.o"),
      ],
      [
        started(1, "/usr/bin/dash"),
        wrote(1, "/w/x.o"),
        started(2, "/usr/bin/cp", "x.o", "y.o"),
        read(2, "/w/x.o"),
        wrote(2, "/w/y.o"),
        { ...ld(), process_key: 3 },
        read(3, "/w/y.o"),
      ],
    ],
    silent: [
      [started(1, "/usr/bin/x86_64-linux-gnu-as"), wrote(1, "/w/x.o"), ld(), read(2, "/w/x.o")],
      [
        started(1, "/usr/bin/xz", "-d"),
        wrote(1, "/w/x.o"),
        started(2, "/usr/bin/cat"),
        read(2, "/w/x.o"),
      ],
      [started(1, "/usr/bin/tar", "-x"), wrote(1, "/w/x.o"), ld(), read(2, "/w/x.o")],
      [started(1, "/usr/bin/cp", "a.o", "x.o"), wrote(1, "/w/x.o"), ld(), read(2, "/w/x.o")],
      [started(1, "/usr/bin/ccache", "gcc"), wrote(1, "/w/x.o"), ld(), read(2, "/w/x.o")],
      [started(1, "/usr/bin/dash"), wrote(1, "/w/x.c"), ld(), read(2, "/w/libc.so")],
      // Written again by the assembler.
      [
        started(1, "/usr/bin/dash"),
        wrote(1, "/w/x.o"),
        started(2, "/usr/bin/as"),
        wrote(2, "/w/x.o"),
        { ...ld(), process_key: 3 },
        read(3, "/w/x.o"),
      ],
    ],
  },
});

const dot = 46;
/** `.o`, `.a`, `.obj`; nearly all other paths end here. */
function isObject(path: string): boolean {
  const last = path.length - 1;
  if (path.charCodeAt(last - 1) === dot) return path[last] === "o" || path[last] === "a";
  return path.charCodeAt(last - 3) === dot && path.endsWith(".obj");
}

/** Also what is not called like an object yet: it may be renamed. */
function note(path: string, { memory, process }: JobContext): void {
  const { hand } = tradeOf(process);
  const copies = hand === "copy" && memory.get(`has read ${process.process_key}`);
  if (copies || hand === "script") memory.set(path, foreign);
  else if (memory.get(path) !== undefined) memory.set(path, built);
}

function judgeOpen({ path, access }: EventNamed<"file_open">, job: JobContext): Match | undefined {
  if (access !== "read" || !isObject(path) || job.memory.get(path) !== foreign) return undefined;
  const { process } = job;
  if (!tradeOf(process).links) {
    job.memory.set(`has read ${process.process_key}`, 1);
    return undefined;
  }
  return {
    message: `${baseName(process.path)} (pid ${process.pid}) linked ${path}, which no compiler of this job has written.`,
    evidence: { path },
    key: path,
  };
}

function ld() {
  return started(2, "/usr/bin/x86_64-linux-gnu-ld.bfd", "-o", "app");
}
