import {
  args,
  choice,
  defineEvent,
  type EventOf,
  endpoint,
  path,
  text,
  u32,
  u64,
} from "./schema.ts";
import { descriptorKinds } from "./words.ts";

export const processExec = defineEvent({
  id: 2,
  name: "process_exec",
  doc: "A process replaced its program: the kernel accepted an execve or execveat.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_process_exec",
        on: "tp_btf/sched_process_exec (Linux 5.5)",
      },
    ],
  ],
  fields: {
    parent_key: u64("Its parent in the kernel's tree; 0 when that is not of the job."),
    inode: u64("Inode of the executed file; for a script that of the interpreter."),
    cgroup_id: u64("Control group (v2) of the process."),
    device: u32("Device of the executed file: major << 20 | minor, as the kernel keeps it."),
    links: u32("Hard links of the executed file; 0 when it has no name on any disk."),
    pid: u32("Process id in the initial pid namespace."),
    parent_pid: u32("Process id of the parent in the initial pid namespace."),
    uid: u32("Real user id in the initial user namespace."),
    euid: u32("Effective user id in the initial user namespace."),
    gid: u32("Real group id in the initial user namespace."),
    egid: u32("Effective group id in the initial user namespace."),
    mount_namespace: u32("Inode of the mount namespace."),
    pid_namespace: u32("Inode of the pid namespace of its children."),
    network_namespace: u32("Inode of the network namespace."),
    user_namespace: u32("Inode of the user namespace."),
    args_bytes: u32("Bytes of all arguments; more than were recorded when the record is cut."),
    stdin_kind: choice("What descriptor 0 is.", descriptorKinds, "KIND"),
    stdin_inode: u64("Inode of descriptor 0; of a socket its number in sockfs."),
    stdin_local: endpoint("Own address, when descriptor 0 is an IP socket."),
    stdin_peer: endpoint("Peer's address, when descriptor 0 is a connected IP socket."),
    stdout_kind: choice("What descriptor 1 is.", descriptorKinds, "KIND"),
    stdout_inode: u64("Inode of descriptor 1; of a socket its number in sockfs."),
    stdout_local: endpoint("Own address, when descriptor 1 is an IP socket."),
    stdout_peer: endpoint("Peer's address, when descriptor 1 is a connected IP socket."),
    stderr_kind: choice("What descriptor 2 is.", descriptorKinds, "KIND"),
    stderr_inode: u64("Inode of descriptor 2; of a socket its number in sockfs."),
    stderr_local: endpoint("Own address, when descriptor 2 is an IP socket."),
    stderr_peer: endpoint("Peer's address, when descriptor 2 is a connected IP socket."),
    path: path("The executed file, as the kernel resolved it; for a script the interpreter."),
    called_as: text("Name under which it was executed; for a script the script."),
    cwd: path("Working directory."),
    args: args("Arguments, the first one included, at most 128 KiB."),
    step_key: u64("The process that the runner's Worker forked for the step; 0 outside of steps."),
  },
});

export type ProcessExec = EventOf<typeof processExec>;
