import { defineEvent, type EventOf, path } from "./schema.ts";

export const fileLink = defineEvent({
  id: 8,
  name: "file_link",
  doc: "A process gave a file a further name: a hard link.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_name_freed",
        on: "tp_btf/kmem_cache_free (Linux 6.0)",
      },
      {
        program: "jw_file_link",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["link"],
        names: true,
        loses:
          "through which symbolic links the name led: it is the kernel's own copy, joined to its directory",
      },
      {
        program: "jw_file_linkat",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["linkat"],
        names: true,
      },
    ],
  ],
  fields: {
    path: path("The existing name; empty when the file was given by its descriptor alone."),
    new_path: path("The new name."),
  },
});

export type FileLink = EventOf<typeof fileLink>;
