import { choice, defineEvent, type EventOf } from "./schema.ts";

export const memoryProtect = defineEvent({
  id: 40,
  name: "memory_protect",
  doc: "A process made memory executable that is not from a file: told once for each way of a process.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_memory_protect",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["mprotect", "pkey_mprotect"],
        loses: "shmat with SHM_EXEC, and what a personality makes executable",
      },
      {
        program: "jw_file_map",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["mmap"],
      },
    ],
  ],
  fold: true,
  fields: {
    how: choice(
      "Whether it can also be written at the same time, which may be of a file; shared is told of mmap only.",
      ["execute", "write_execute", "shared_write_execute"],
      "PROTECT",
    ),
    call: choice("By a new mapping, or by a change of an old one.", ["mmap", "mprotect"], "CALL"),
  },
});

export type MemoryProtect = EventOf<typeof memoryProtect>;
