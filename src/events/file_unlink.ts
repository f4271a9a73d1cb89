import { nameFreed } from "./name_freed.ts";
import { choice, defineEvent, type EventOf, type Hook, path } from "./schema.ts";
import { yesNo } from "./words.ts";

/** When the call has ended well. */
const atEnd: readonly Hook[] = [
  {
    program: "jw_file_unlink",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["unlink"],
    names: true,
    loses: "a removal through io_uring",
  },
  {
    program: "jw_file_unlinkat",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["unlinkat"],
    names: true,
  },
  {
    program: "jw_file_rmdir",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["rmdir"],
    names: true,
  },
];

export const fileUnlink = defineEvent({
  id: 10,
  name: "file_unlink",
  doc: "A process removed a name of a file, or an empty directory.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_file_unlink_fentry",
        on: "fentry/security_path_unlink (Linux 5.5)",
        loses: "the beginning of a path longer than 8,000 bytes",
      },
      {
        program: "jw_file_rmdir_fentry",
        on: "fentry/security_path_rmdir (Linux 5.5)",
      },
      ...atEnd,
    ],
    [nameFreed, ...atEnd],
  ],
  fields: {
    directory: choice("Whether it was a directory.", yesNo, "BOOL"),
    path: path("The name that is gone."),
  },
});

export type FileUnlink = EventOf<typeof fileUnlink>;
