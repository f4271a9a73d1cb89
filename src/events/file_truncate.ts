import { defineEvent, type EventOf, path, u64 } from "./schema.ts";

export const fileTruncate = defineEvent({
  id: 12,
  name: "file_truncate",
  doc: "A process set the length of a file.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_name_freed",
        on: "tp_btf/kmem_cache_free (Linux 6.0)",
      },
      {
        program: "jw_file_truncate",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["truncate"],
        names: true,
        loses:
          "through which symbolic links the name led: it is the kernel's own copy, joined to its directory",
      },
      {
        program: "jw_file_ftruncate",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["ftruncate"],
      },
    ],
  ],
  fields: {
    length: u64("Length after, in bytes."),
    path: path("The file."),
  },
});

export type FileTruncate = EventOf<typeof fileTruncate>;
