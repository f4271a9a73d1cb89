import { nameFreed } from "./name_freed.ts";
import { defineEvent, type EventOf, type Hook, path, u32 } from "./schema.ts";

/** When the call has ended well. */
const atEnd: readonly Hook[] = [
  {
    program: "jw_file_rename",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["rename"],
    names: true,
    loses: "a rename through io_uring",
  },
  {
    program: "jw_file_renameat",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["renameat"],
    names: true,
  },
  {
    program: "jw_file_renameat2",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["renameat2"],
    names: true,
  },
];

export const fileRename = defineEvent({
  id: 7,
  name: "file_rename",
  doc: "A process gave a file another name.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_file_rename_fentry",
        on: "fentry/security_path_rename (Linux 5.5)",
        loses: "the beginning of a path longer than 8,000 bytes",
      },
      ...atEnd,
    ],
    [nameFreed, ...atEnd],
  ],
  fields: {
    rename_flags: u32("Flags of renameat2; 2 exchanges the two names."),
    path: path("The old name."),
    new_path: path("The new name."),
  },
});

export type FileRename = EventOf<typeof fileRename>;
