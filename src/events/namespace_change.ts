import { choice, defineEvent, type EventOf, path, u32, u64 } from "./schema.ts";

export const namespaceChange = defineEvent({
  id: 46,
  name: "namespace_change",
  doc: "A process got other namespaces or another root directory, or tried to.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_namespace_clone",
        on: "tp_btf/task_newtask (Linux 5.5)",
        loses: "a clone that fails",
      },
      {
        program: "jw_namespace_unshare",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["unshare"],
        any_result: true,
      },
      {
        program: "jw_namespace_set",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["setns"],
        any_result: true,
      },
      {
        program: "jw_namespace_root",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["chroot"],
        any_result: true,
      },
      {
        program: "jw_namespace_pivot",
        on: "tp_btf/sys_exit (Linux 5.5)",
        calls: ["pivot_root"],
        any_result: true,
      },
    ],
  ],
  fields: {
    how: choice("The call.", ["clone", "unshare", "setns", "chroot", "pivot_root"], "NAMESPACE"),
    error: u32("0, or the errno of the attempt."),
    kinds: u32("Which namespaces, the CLONE_NEW constants; 0 for setns: those of the descriptor."),
    target_pid: u32("Whose namespaces, when setns was given a descriptor of a process; else 0."),
    target_inode: u64("The namespace, when setns was given a descriptor of one; else 0."),
    mount_namespace: u32("Inode of the mount namespace afterwards."),
    pid_namespace: u32("Inode of the pid namespace of its children afterwards."),
    network_namespace: u32("Inode of the network namespace afterwards."),
    user_namespace: u32("Inode of the user namespace afterwards."),
    root: path("The root directory afterwards, as far as its mount namespace knows."),
  },
});

export type NamespaceChange = EventOf<typeof namespaceChange>;
