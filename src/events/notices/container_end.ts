import { defineEvent, type EventOf, u64 } from "../schema.ts";

export const containerEnd = defineEvent({
  id: 1006,
  name: "container_end",
  doc: "The control group of a container was removed: nothing runs in it any more.",
  ring: "rare",
  ways: [[{ program: "jw_container_rmdir", on: "tp_btf/cgroup_rmdir (Linux 5.5)" }]],
  fields: {
    cgroup_id: u64("The kernel's id of the group."),
  },
});

export type ContainerEnd = EventOf<typeof containerEnd>;
