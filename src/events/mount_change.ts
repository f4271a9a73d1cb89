import { nameFreed } from "./name_freed.ts";
import { choice, defineEvent, type EventOf, type Hook, path, text, u32 } from "./schema.ts";

const atEnd = (program: string, ...calls: NonNullable<Hook["calls"]>): Hook => ({
  program,
  on: "tp_btf/sys_exit (Linux 5.5)",
  calls,
  any_result: true,
  names: true,
});

const calls: readonly Hook[] = [
  {
    ...atEnd("jw_mount", "mount"),
    loses: "the options of the file system, and its kind, which is the caller's word",
  },
  atEnd("jw_mount_move", "move_mount"),
  atEnd("jw_mount_tree", "open_tree"),
  atEnd("jw_mount_set", "mount_setattr"),
  atEnd("jw_mount_end", "umount2"),
];

export const mountChange = defineEvent({
  id: 47,
  name: "mount_change",
  doc: "A process mounted something, moved, changed or took away a mount, or tried to.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_mount_fentry",
        on: "fentry/security_sb_mount (Linux 5.5)",
        loses: "which directory a bind mount shows: it is the caller's word",
      },
      { program: "jw_mount_move_fentry", on: "fentry/security_move_mount (Linux 5.5)" },
      { program: "jw_mount_end_fentry", on: "fentry/security_sb_umount (Linux 5.5)" },
      ...calls,
    ],
    [nameFreed, ...calls],
  ],
  fields: {
    how: choice(
      "The call.",
      ["mount", "move_mount", "open_tree", "mount_setattr", "umount"],
      "MOUNT",
    ),
    error: u32("0, or the errno of the attempt."),
    mount_flags: u32("Flags of the call, such as the MS_ constants of mount."),
    mount_namespace: u32("Inode of the mount namespace in which it was done."),
    type: text("Kind of file system, as the caller gave it; empty when it is none's."),
    target: path("Where it is mounted, or what is changed; of open_tree empty."),
    source: path("What is seen there: of a bind mount the directory, else what the caller gave."),
  },
});

export type MountChange = EventOf<typeof mountChange>;
