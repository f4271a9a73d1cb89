import { defineEvent, type EventOf, path, u32 } from "./schema.ts";

export const fileChmod = defineEvent({
  id: 11,
  name: "file_chmod",
  doc: "A process changed the permission bits of a file.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_name_freed",
        on: "tp_btf/kmem_cache_free (Linux 6.0)",
      },
      {
        program: "jw_file_chmod",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["chmod"],
        names: true,
        loses:
          "through which symbolic links the name led: it is the kernel's own copy, joined to its directory",
      },
      {
        program: "jw_file_fchmod",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["fchmod"],
      },
      {
        program: "jw_file_fchmodat",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["fchmodat", "fchmodat2"],
        names: true,
      },
    ],
  ],
  fields: {
    mode: u32("Permission bits after, set-id and sticky bits included."),
    path: path("The file."),
  },
});

export type FileChmod = EventOf<typeof fileChmod>;
