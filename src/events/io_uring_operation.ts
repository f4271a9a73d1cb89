import { choice, defineEvent, type EventOf, path, u32 } from "./schema.ts";

export const ioUringOperation = defineEvent({
  id: 50,
  name: "io_uring_operation",
  doc:
    "A process asked an io_uring for what would be a call of its own: to open, connect, send, rename, " +
    "remove or the like. Reads, writes and waiting make no event.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_io_uring_submit",
        on: "tp_btf/io_uring_submit_req (Linux 6.3)",
        loses: "whether it was done",
      },
    ],
    [
      {
        program: "jw_io_uring_submit_sqe",
        on: "tp_btf/io_uring_submit_sqe (Linux 5.5, renamed in 6.3)",
        loses: "whether it was done",
      },
    ],
  ],
  fold: true,
  fields: {
    operation: choice(
      "What was asked.",
      [
        "other",
        "open",
        "connect",
        "accept",
        "send",
        "sendmsg",
        "rename",
        "unlink",
        "mkdir",
        "symlink",
        "link",
        "socket",
        "bind",
        "listen",
        "command",
      ],
      "URING",
    ),
    opcode: u32("Number of the operation, the IORING_OP constants."),
    path: path("The kernel's copy of the name, joined to its directory; empty when it has none."),
  },
});

export type IoUringOperation = EventOf<typeof ioUringOperation>;
