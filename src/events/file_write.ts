import { choice, defineEvent, type EventOf, type Hook, path, u16, u32, u64 } from "./schema.ts";

const uring: Hook = {
  program: "jw_file_write_uring",
  on: "fexit/io_write (Linux 6.0)",
};

const calls: readonly [Hook, ...Hook[]] = [
  {
    program: "jw_file_write",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "sendfile64"],
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
    loses: "a write by Linux AIO, and through a shared mapping that is made writable later",
  },
];

export const fileWrite = defineEvent({
  id: 6,
  name: "file_write",
  doc: "A process wrote to a file, for the first time in its life.",
  ring: "bulk",
  ways: [
    [uring, ...calls],
    [{ ...calls[0], loses: "a write through io_uring" }, ...calls.slice(1)],
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
