import { openWays } from "./file_open.ts";
import { choice, defineEvent, type EventOf, type Hook, path, text, u32, u64 } from "./schema.ts";
import { accessWords, yesNo } from "./words.ts";

const calls: readonly Hook[] = [
  {
    program: "jw_process_ptrace",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["ptrace"],
    any_result: true,
  },
  {
    program: "jw_process_vm",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["process_vm_readv", "process_vm_writev"],
    any_result: true,
  },
  {
    program: "jw_process_descriptor",
    on: "tp_btf/sys_exit (Linux 5.5)",
    calls: ["pidfd_getfd"],
    any_result: true,
  },
];

export const processAccess = defineEvent({
  id: 20,
  name: "process_access",
  doc: "A process reached into another one: its memory, registers, environment or descriptors. Told once for each way, pair of processes and pair of programs; of what failed, what was not permitted.",
  ring: "rare",
  ways: [
    [...openWays[0], ...calls],
    [...openWays[1], ...calls],
    [...openWays[2], ...calls],
    [...openWays[3], ...calls],
  ],
  fields: {
    target_key: u64("The other process; 0 when it is of no job."),
    target_started_us: u64("When it was forked: Unix microseconds, by the boot clock."),
    target_pid: u32("Its process id in the initial pid namespace."),
    target_uid: u32("Its real user id, in the initial user namespace."),
    request: u32("Number of the ptrace request; 0 when it was another call."),
    error: u32("Why it was not permitted; 0 when it was done."),
    way: choice(
      "How. read_memory to write_registers, attach and detach are requests of ptrace; vm_read and vm_write process_vm_readv and _writev; take_descriptor pidfd_getfd. The others opened what procfs has of that process: mem, environ, a file of its mappings, the list of its descriptors; or, by the name that the caller gave, something through its descriptors, its root or its working directory.",
      [
        "none",
        "attach",
        "detach",
        "read_memory",
        "read_registers",
        "write_memory",
        "write_registers",
        "vm_read",
        "vm_write",
        "take_descriptor",
        "memory_file",
        "environment",
        "maps",
        "descriptor_list",
        "descriptor_file",
        "root",
        "working_directory",
      ],
      "WAY",
    ),
    access: choice("What an opened file allows; none for a call.", accessWords, "ACCESS"),
    relation: choice(
      "What the other process is to this one: of no job, of another job, one that it started (by itself or through others), one that it descends from, or another of the job.",
      ["outside", "other_job", "descendant", "ancestor", "job"],
      "RELATION",
    ),
    target_role: choice(
      "Whether its program is named and placed as a runner's.",
      ["none", "worker", "listener"],
      "TARGET",
    ),
    registered: choice("Whether that is a runner which the agent knows.", yesNo, "BOOL"),
    traced: choice("Whether this process is its tracer at that time.", yesNo, "BOOL"),
    other_mounts: choice(
      "Whether the other process sees other mounts: it is in another mount namespace.",
      yesNo,
      "BOOL",
    ),
    target_path: path("Its program, as the kernel resolved it."),
    target_comm: text("Its name for itself, which it may have chosen."),
  },
});

export type ProcessAccess = EventOf<typeof processAccess>;
