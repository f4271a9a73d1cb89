import { nameFreed } from "./name_freed.ts";
import { defineEvent, type EventOf, type Hook, path, u64 } from "./schema.ts";

/** When the call has ended well. */
const atEnd: readonly Hook[] = [
  {
    program: "jw_file_truncate",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["truncate"],
    names: true,
    loses: "a truncation through io_uring",
  },
  {
    program: "jw_file_ftruncate",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["ftruncate"],
  },
  {
    program: "jw_file_truncate64",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["truncate64"],
    names: true,
  },
  {
    program: "jw_file_ftruncate64",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["ftruncate64"],
  },
];

export const fileTruncate = defineEvent({
  id: 12,
  name: "file_truncate",
  doc: "A process set the length of a file.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_file_truncate_fentry",
        on: "fentry/security_path_truncate (Linux 5.5)",
        loses: "the beginning of a path longer than 8,000 bytes",
      },
      ...atEnd,
    ],
    [nameFreed, ...atEnd],
  ],
  fields: {
    length: u64("Length after, in bytes."),
    path: path("The file."),
  },
});

export type FileTruncate = EventOf<typeof fileTruncate>;
