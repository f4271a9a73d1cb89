import { defineSignature, type JobContext, type Match } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { type Trade, tradeOf } from "./build_programs.ts";
import { created, removed, renamed, started, wrote } from "./examples.ts";
import { isBySystemManager } from "./lineage.ts";

/** What is known of a path. */
const product = 1;
/** Made by a tool that works on products, such as strip, under another name. */
const worked = 2;
const nothing = 0;

/*
 * What a linker or archiver wrote is a product. Tools for products (strip, objcopy, patchelf, what
 * signs or compresses) change it too; a shell, an interpreter, dd or a copy of something else do not.
 */
export const artifactTampered = defineSignature({
  id: "JW-188",
  name: "artifact_tampered",
  title: "Build Product Changed Afterwards",
  severity: "high",
  behaviours: ["artifact_tampering"],
  attack: ["T1554", "T1195.002"],
  doc:
    "A program, library or archive that a linker or archiver made is changed in place by a shell, an " +
    "interpreter or the like, or (medium) replaced by a file that no build tool made.",
  why:
    "What is shipped is then not what was built from the source, though the source, the build and its " +
    "log are as they were. Tests that ran before say nothing about it.",
  benign: [
    "A script of the build writes a checksum, a version or a header into the product.",
    "A product is overwritten by another build's by hand.",
  ],
  evade: [
    "Remove the product and make a new file of its name, or change a copy of it.",
    "Use a tool that is made for products, such as objcopy.",
    "Be the build's own program of a name that is not known.",
  ],
  events: ["file_open", "file_write", "file_rename", "file_unlink", "file_truncate"],

  match(event, job) {
    switch (event.event) {
      case "file_open":
        if (event.access === "read" || event.access === "none") return undefined;
        if (event.created === "yes") {
          if (job.memory.get(event.path)) job.memory.set(event.path, nothing);
          return undefined;
        }
        return judgeChange("opened for writing", event.path, job);
      case "file_write":
        return judgeChange("wrote into", event.path, job);
      case "file_truncate":
        return judgeChange("set the length of", event.path, job);
      case "file_unlink":
        if (job.memory.get(event.path)) job.memory.set(event.path, nothing);
        return undefined;
      case "file_rename":
        return judgeRename(event, job);
    }
  },

  examples: {
    fires: [
      [ld(), wrote(1, "/w/app"), started(2, "/usr/bin/python3.11", "x.py"), wrote(2, "/w/app")],
      [ld(), wrote(1, "/w/app"), started(2, "/usr/bin/dd", "of=app"), { ...wrote(2, "/w/app") }],
      [
        ld(),
        wrote(1, "/w/a.out"),
        started(2, "/usr/bin/dash"),
        renamed(1, "/w/a.out", "/w/app"),
        wrote(2, "/w/app"),
      ],
      [
        ld(),
        wrote(1, "/w/app"),
        started(2, "/usr/bin/mv", "x", "app"),
        renamed(2, "/tmp/x", "/w/app"),
      ],
      [
        started(1, "/usr/bin/zip", "app.zip"),
        wrote(1, "/w/app.zip"),
        started(2, "/usr/bin/perl", "-pi"),
        { event: "file_truncate", process_key: 2, path: "/w/app.zip" },
      ],
    ],
    silent: [
      [ld(), wrote(1, "/w/app"), started(2, "/usr/bin/strip", "app"), wrote(2, "/w/app")],
      [
        ld(),
        wrote(1, "/w/app"),
        started(2, "/usr/bin/x86_64-linux-gnu-ld.bfd"),
        wrote(2, "/w/app"),
      ],
      [ld(), wrote(1, "/w/app"), started(2, "/usr/bin/cp", "app", "dist"), wrote(2, "/w/dist/app")],
      [
        ld(),
        wrote(1, "/w/app"),
        removed(1, "/w/app"),
        started(2, "/usr/bin/dash"),
        wrote(2, "/w/app"),
      ],
      [
        ld(),
        wrote(1, "/w/app"),
        started(2, "/usr/bin/dash"),
        created(2, "/w/app"),
        wrote(2, "/w/app"),
      ],
      // strip -o t app && mv t app
      [
        ld(),
        wrote(1, "/w/app"),
        started(2, "/usr/bin/strip", "-o", "t"),
        wrote(2, "/w/t"),
        started(3, "/usr/bin/mv", "t", "app"),
        renamed(3, "/w/t", "/w/app"),
      ],
      [started(1, "/usr/bin/dash"), wrote(1, "/w/x")],
      // What an archiver unpacks.
      [
        started(1, "/usr/bin/tar", "-x"),
        wrote(1, "/w/x.py"),
        started(2, "/usr/bin/python3.11"),
        wrote(2, "/w/x.py"),
      ],
    ],
  },
});

function judgeChange(verb: string, path: string, job: JobContext): Match | undefined {
  const { memory, process } = job;
  const known = memory.get(path);
  if (known === product) {
    const { hand, makes, packs } = tradeOf(process);
    return makes || packs ? undefined : found(verb, path, hand, job);
  }
  const { makes, packs, finishes } = tradeOf(process);
  // An archiver that unpacks makes sources, which may be changed as one likes.
  if (makes || (packs && isProduct.test(path))) memory.set(path, product);
  else if (finishes) memory.set(path, worked);
  return undefined;
}
const isProduct =
  /\.(tar(\.\w+)?|tgz|txz|zip|jar|war|whl|deb|rpm|apk|crate|gem|nupkg|vsix|AppImage)$|\/exe\/[^/]+$/;

function judgeRename({ path, new_path, rename_flags }: EventNamed<"file_rename">, job: JobContext) {
  const { memory, process } = job;
  const [from, to] = [memory.get(path), memory.get(new_path)];
  if (from === undefined && to === undefined) return undefined;
  memory.set(new_path, from ? product : nothing);
  memory.set(path, rename_flags & exchange ? (to ?? nothing) : nothing);
  const { makes, hand } = tradeOf(process);
  if (to !== product || from || makes || !hand) return undefined;
  return found("put another file in place of", new_path, "copy", job);
}
const exchange = 2; // RENAME_EXCHANGE

function found(
  verb: string,
  path: string,
  hand: Trade["hand"],
  job: JobContext,
): Match | undefined {
  if (!hand || isPassing.test(path) || isBySystemManager(job)) return undefined;
  const { process } = job;
  return {
    message: `${baseName(process.path) || "A process"} (pid ${process.pid}) ${verb} ${path}, which the build had made.`,
    evidence: { path, what: verb },
    key: path,
    severity: hand === "script" ? "high" : "medium",
  };
}
/** Trials of a configuration, objects between, and what the shell compiles into. */
const isPassing =
  /\/(conftest[^/]*|cmTC_[^/]*|[^/]*\.(o|lo|tmp|log|d))$|^\/(dev|proc)\/|\/CMakeFiles\//;

function ld() {
  return started(1, "/usr/bin/x86_64-linux-gnu-ld.bfd", "-o", "app");
}
