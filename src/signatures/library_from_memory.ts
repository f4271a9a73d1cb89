import { defineSignature, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";

export const libraryFromMemory = defineSignature({
  id: "JW-169",
  name: "library_from_memory",
  title: "Library Loaded From Memory",
  severity: "high",
  behaviours: ["fileless_execution"],
  attack: ["T1620", "T1129", "T1027.011"],
  doc: "A process loaded code from memory, from a deleted file or from shared memory, as a library.",
  why:
    "A library in memory leaves no file to inspect, and runs within a program that everybody trusts. " +
    "Builds load libraries from files.",
  benign: [
    "Graphics drivers and multimedia libraries that keep code in unlinked files: known ones are silent.",
    "A library that was replaced while it is loaded again.",
    "Programs that bring their libraries packed within themselves.",
  ],
  evade: [
    "Write the library to an ordinary file, and remove it after it was loaded.",
    "Load it by hand, into memory that is no file: that is another finding.",
    "Call the memory as a known driver does.",
  ],
  events: ["code_mapping"],

  match(event, { process }) {
    const { path, links, shared } = event;
    const isNowhere = links === 0;
    if (shared === "yes" || known.test(path)) return undefined;
    if (!isNowhere && !inSharedMemory.test(path)) return undefined;
    const isMemory = path.startsWith("memfd:");
    const where = isMemory ? `memory (${path})` : isNowhere ? `${path}, a deleted file` : path;
    return {
      message: `${baseName(process.path) || "A process"} (pid ${process.pid}) loaded code from ${where}.`,
      evidence: { path, program: process.path, pid: process.pid, inode: event.inode },
      key: `${process.path} ${path}`,
      severity: isMemory ? "high" : "medium",
    };
  },

  examples: {
    fires: [
      [maps({ path: "memfd:lib" })],
      [maps({ path: "/tmp/x.so" })],
      [maps({ path: "/dev/shm/x.so", links: 1 })],
    ],
    silent: [
      [maps({ path: "/tmp/x.so", links: 1 })],
      [maps({ path: "memfd:doublemapper", shared: "yes" })],
      [maps({ path: "/tmp/.glAb12Cd" })],
    ],
  },
});

const inSharedMemory = /^\/(dev|run)\/shm\//;
const known =
  /^memfd:(\/\.gl|\/\.nvidia_drv|doublemapper|libffi|vmem|orcexec|JIT|v8|wasm)|\/(\.gl\w{6}|orcexec\.\w+|ffi\w{6}|\.nvidia_drv\.\w+)$/;

function maps(fields: Partial<EventNamed<"code_mapping">>): Samples {
  return { event: "code_mapping", process_key: 2, ...fields };
}
