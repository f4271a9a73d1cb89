import { choice, defineEvent, type EventOf, path, u16, u32, u64 } from "./schema.ts";

export const fileWrite = defineEvent({
  id: 6,
  name: "file_write",
  doc: "A process wrote to a file, for the first time in its life.",
  ring: "bulk",
  ways: [
    [
      {
        program: "jw_file_write_fentry",
        on: "fentry/security_file_permission (Linux 5.15)",
      },
      {
        program: "jw_file_allocate",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["fallocate"],
      },
      {
        program: "jw_file_map",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["mmap"],
      },
    ],
    [
      {
        program: "jw_file_write",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile"],
        loses: "a write through io_uring",
      },
      {
        program: "jw_file_write_third",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["copy_file_range", "splice"],
      },
      {
        program: "jw_file_allocate",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["fallocate"],
      },
      {
        program: "jw_file_map",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["mmap"],
      },
    ],
  ],
  fold: true,
  fields: {
    inode: u64("Inode of the file."),
    device: u32("Its device: major << 20 | minor."),
    mode: u16("Type and permission bits of the file."),
    how: choice("How it was written.", ["write", "map"], "HOW"),
    path: path("The file, as the kernel resolved it."),
  },
});

export type FileWrite = EventOf<typeof fileWrite>;
