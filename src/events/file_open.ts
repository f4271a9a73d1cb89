import { choice, defineEvent, type EventOf, type Hook, path, u16, u32, u64 } from "./schema.ts";
import { accessWords, yesNo } from "./words.ts";

/** This call goes another way than the others. */
const byHandle: Hook = {
  program: "jw_file_open",
  on: "tp_btf/sys_exit (Linux 5.5)",
  calls: ["open_by_handle_at"],
  any_result: true,
};

/** Every call that gives a descriptor. */
const atEnd: Hook = {
  program: "jw_file_open",
  on: "tp_btf/sys_exit (Linux 5.5)",
  calls: ["open", "openat", "openat2", "creat", "open_by_handle_at"],
  any_result: true,
};

/** How opens are seen; what is opened of another process is told by the same programs. */
export const openWays: readonly [
  readonly Hook[],
  readonly Hook[],
  readonly Hook[],
  readonly Hook[],
] = [
  [
    {
      program: "jw_file_open_fexit",
      on: "fexit/do_filp_open (Linux 5.5)",
    },
    byHandle,
  ],
  [
    {
      program: "jw_file_open_fexit2",
      on: "fexit/do_file_open (Linux 7.0)",
    },
    byHandle,
  ],
  [
    {
      ...atEnd,
      loses: "which file it was, when another thread replaces the descriptor at once",
    },
    {
      program: "jw_file_open_uring",
      on: "tp_btf/io_uring_complete (Linux 5.19)",
      loses: "an open through io_uring whose success is not posted, or that gives no descriptor",
    },
  ],
  [
    {
      ...atEnd,
      loses:
        "an open through io_uring; which file it was, when another thread replaces the descriptor at once",
    },
  ],
];

export const fileOpen = defineEvent({
  id: 5,
  name: "file_open",
  doc: "A process opened a file and got a descriptor for it.",
  ring: "bulk",
  ways: openWays,
  fold: true,
  fields: {
    inode: u64("Inode of the file."),
    device: u32("Its device: major << 20 | minor."),
    open_flags: u32("Flags of open that the kernel kept, the O_ constants."),
    mode: u16("Type and permission bits of the file."),
    access: choice("What the descriptor allows.", accessWords, "ACCESS"),
    created: choice("Whether this open made the file.", yesNo, "BOOL"),
    path: path("The file, as the kernel resolved it."),
  },
});

export type FileOpen = EventOf<typeof fileOpen>;
