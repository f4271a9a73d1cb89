import { nameFreed } from "./name_freed.ts";
import { defineEvent, type EventOf, type Hook, path, u32 } from "./schema.ts";

/** When the call has ended well. */
const atEnd: readonly Hook[] = [
  {
    program: "jw_file_chmod",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["chmod"],
    names: true,
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
];

export const fileChmod = defineEvent({
  id: 11,
  name: "file_chmod",
  doc: "A process changed the permission bits of a file.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_file_chmod_fentry",
        on: "fentry/security_path_chmod (Linux 5.5)",
        loses: "the beginning of a path longer than 8,000 bytes",
      },
      ...atEnd,
    ],
    [nameFreed, ...atEnd],
  ],
  fields: {
    mode: u32("Permission bits after, set-id and sticky bits included."),
    path: path("The file."),
  },
});

export type FileChmod = EventOf<typeof fileChmod>;
