import { choice, defineEvent, type EventOf, path, text, u16, u32 } from "./schema.ts";

export const signalSent = defineEvent({
  id: 48,
  name: "signal_sent",
  doc:
    "A process of the job sent a signal to a process that is not of the job, or was not allowed to. " +
    "Signals within the job make no event.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_signal_sent",
        on: "tp_btf/signal_generate (Linux 5.5)",
      },
      {
        program: "jw_signal_refused",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["kill", "tkill", "rt_sigqueueinfo"],
        any_result: true,
        loses: "to which process it would have gone, when the sender is in another pid namespace",
      },
      {
        program: "jw_signal_refused_thread",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["tgkill"],
        any_result: true,
      },
    ],
  ],
  fold: true,
  fields: {
    target_pid: u32(
      "Process id of the receiver in the initial pid namespace; of a refused signal as the caller gave it.",
    ),
    target_job: u32("Job of the receiver; 0 when it is of none, or the signal was refused."),
    error: u32("0, or the errno of the attempt."),
    signal: u16("Number of the signal."),
    target: choice("Who the receiver is to us.", ["other", "agent", "init"], "RECEIVER"),
    reach: choice(
      "Whom the call was for: one process, a group of processes, or all.",
      ["one", "group", "all"],
      "REACH",
    ),
    comm: text("Name of the receiver's first thread; empty when the signal was refused."),
    path: path("The receiver's program, as the kernel resolved it; empty when it is not known."),
  },
});

export type SignalSent = EventOf<typeof signalSent>;
