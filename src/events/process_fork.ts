import { defineEvent, type EventOf, u32, u64 } from "./schema.ts";

export const processFork = defineEvent({
  id: 1,
  name: "process_fork",
  doc: "A process made another process: fork, vfork or clone without CLONE_THREAD. Threads make no event.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_process_fork",
        on: "tp_btf/task_newtask (Linux 5.5)",
      },
    ],
  ],
  fields: {
    child_key: u64("The new process."),
    parent_key: u64("Its parent in the kernel's tree; with CLONE_PARENT not the one that forked."),
    cgroup_id: u64("Control group (v2) in which it starts."),
    clone_flags: u64("Flags of clone, the CLONE_ constants."),
    child_pid: u32("Its process id in the initial pid namespace."),
    parent_pid: u32("Process id of its parent; 0 when the parent is in another job or in none."),
    step_key: u64("The process that the runner's Worker forked for the step; 0 outside of steps."),
  },
});

export type ProcessFork = EventOf<typeof processFork>;
