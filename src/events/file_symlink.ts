import { nameFreed } from "./name_freed.ts";
import { defineEvent, type EventOf, type Hook, path, text } from "./schema.ts";

/** When the call has ended well. */
const atEnd: readonly Hook[] = [
  {
    program: "jw_file_symlink",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["symlink"],
    names: true,
    loses: "a link through io_uring",
  },
  {
    program: "jw_file_symlinkat",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["symlinkat"],
    names: true,
  },
];

export const fileSymlink = defineEvent({
  id: 9,
  name: "file_symlink",
  doc: "A process made a symbolic link.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_file_symlink_fentry",
        on: "fentry/security_path_symlink (Linux 5.5)",
        loses: "the beginning of a path longer than 8,000 bytes",
      },
      ...atEnd,
    ],
    [nameFreed, ...atEnd],
  ],
  fields: {
    path: path("The link."),
    target: text("What it points to, as stored in the link."),
  },
});

export type FileSymlink = EventOf<typeof fileSymlink>;
