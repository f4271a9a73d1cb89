import { choice, defineEvent, type EventOf, path } from "./schema.ts";
import { yesNo } from "./words.ts";

export const fileUnlink = defineEvent({
  id: 10,
  name: "file_unlink",
  doc: "A process removed a name of a file, or an empty directory.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_name_freed",
        on: "tp_btf/kmem_cache_free (Linux 6.0)",
      },
      {
        program: "jw_file_unlink",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["unlink"],
        names: true,
        loses:
          "through which symbolic links the name led: it is the kernel's own copy, joined to its directory",
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
    ],
  ],
  fields: {
    directory: choice("Whether it was a directory.", yesNo, "BOOL"),
    path: path("The name that is gone."),
  },
});

export type FileUnlink = EventOf<typeof fileUnlink>;
