import { defineEvent, type EventOf, u32 } from "./schema.ts";

export const ioUringSetup = defineEvent({
  id: 49,
  name: "io_uring_setup",
  doc: "A process made an io_uring, over which it can work without system calls, or tried to.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_io_uring_setup",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["io_uring_setup"],
        any_result: true,
      },
    ],
  ],
  fold: true,
  fields: {
    error: u32("0, or the errno of the attempt."),
    entries: u32("Room for requests, as the caller asked."),
    setup_flags: u32("The IORING_SETUP constants that the kernel keeps; 0 when it was refused."),
  },
});

export type IoUringSetup = EventOf<typeof ioUringSetup>;
