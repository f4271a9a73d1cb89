import { choice, defineEvent, type EventOf, text, u32, u64 } from "./schema.ts";
import { yesNo } from "./words.ts";

export const cgroupMove = defineEvent({
  id: 19,
  name: "cgroup_move",
  doc: "A task was moved to another control group (v2).",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_cgroup_move",
        on: "tp_btf/cgroup_attach_task (Linux 5.5)",
      },
      {
        program: "jw_cgroup_mkdir",
        on: "tp_btf/cgroup_mkdir (Linux 5.5)",
      },
      {
        program: "jw_cgroup_rmdir",
        on: "tp_btf/cgroup_rmdir (Linux 5.5)",
      },
    ],
  ],
  fields: {
    moved_key: u64("The process that was moved; the one that moved it is process_key."),
    cgroup_id: u64("The control group in which it is now."),
    moved_pid: u32("Process id of the moved task in the initial pid namespace."),
    joined: choice("Whether the task came to the job by this move.", yesNo, "BOOL"),
    cgroup_path: text("Path of the control group below the cgroup2 mount."),
  },
});

export type CgroupMove = EventOf<typeof cgroupMove>;
