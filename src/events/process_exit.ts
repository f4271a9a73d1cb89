import { defineEvent, type EventOf, u32, u64 } from "./schema.ts";

export const processExit = defineEvent({
  id: 3,
  name: "process_exit",
  doc: "The last thread of a process ended.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_process_exit",
        on: "tp_btf/sched_process_exit (Linux 5.5)",
      },
    ],
  ],
  fields: {
    duration_us: u64("From the fork of the process to its end, in microseconds."),
    user_us: u64("Processor time in user mode, all its threads, in microseconds."),
    system_us: u64("Processor time in the kernel, all its threads, in microseconds."),
    max_rss_kib: u64("Largest resident set, in KiB."),
    minor_faults: u64("Page faults served without input or output."),
    major_faults: u64("Page faults that read from a disk."),
    exit_code: u32("What it passed to exit, 0 to 255; 0 when a signal ended it."),
    signal: u32("The signal that ended it; 0 when it exited."),
  },
});

export type ProcessExit = EventOf<typeof processExit>;
