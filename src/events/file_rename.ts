import { defineEvent, type EventOf, path, u32 } from "./schema.ts";

export const fileRename = defineEvent({
  id: 7,
  name: "file_rename",
  doc: "A process gave a file another name.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_name_freed",
        on: "tp_btf/kmem_cache_free (Linux 6.0)",
      },
      {
        program: "jw_file_rename",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["rename"],
        names: true,
        loses:
          "through which symbolic links the name led: it is the kernel's own copy, joined to its directory",
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
    ],
  ],
  fields: {
    rename_flags: u32("Flags of renameat2; 2 exchanges the two names."),
    path: path("The old name."),
    new_path: path("The new name."),
  },
});

export type FileRename = EventOf<typeof fileRename>;
