import { defineEvent, type EventOf, path, text } from "./schema.ts";

export const fileSymlink = defineEvent({
  id: 9,
  name: "file_symlink",
  doc: "A process made a symbolic link.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_name_freed",
        on: "tp_btf/kmem_cache_free (Linux 6.0)",
      },
      {
        program: "jw_file_symlink",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["symlink"],
        names: true,
        loses:
          "through which symbolic links the name led: it is the kernel's own copy, joined to its directory",
      },
      {
        program: "jw_file_symlinkat",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["symlinkat"],
        names: true,
      },
    ],
  ],
  fields: {
    path: path("The link."),
    target: text("What it points to, as stored in the link."),
  },
});

export type FileSymlink = EventOf<typeof fileSymlink>;
