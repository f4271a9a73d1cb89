import { nameFreed } from "./name_freed.ts";
import { defineEvent, type EventOf, type Hook, path } from "./schema.ts";

/** When the call has ended well. */
const atEnd: readonly Hook[] = [
  {
    program: "jw_file_link",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["link"],
    names: true,
    loses: "a link through io_uring",
  },
  {
    program: "jw_file_linkat",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["linkat"],
    names: true,
  },
];

export const fileLink = defineEvent({
  id: 8,
  name: "file_link",
  doc: "A process gave a file a further name: a hard link.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_file_link_fentry",
        on: "fentry/security_path_link (Linux 5.5)",
        loses: "the beginning of a path longer than 8,000 bytes",
      },
      ...atEnd,
    ],
    [nameFreed, ...atEnd],
  ],
  fields: {
    path: path("The existing name; empty when the file was given by its descriptor alone."),
    new_path: path("The new name."),
  },
});

export type FileLink = EventOf<typeof fileLink>;
