import { defineEvent, type EventOf, path, u32, u64 } from "../schema.ts";

/** The program that sees what a runner executes. */
export const runnerExec = {
  program: "jw_runner_exec",
  on: "tp_btf/sched_process_exec (Linux 5.5)",
} as const;

export const jobStart = defineEvent({
  id: 1001,
  name: "job_start",
  doc: "A registered runner's Listener started a Worker, which is now a job: tagged before its first instruction.",
  ring: "rare",
  ways: [[runnerExec]],
  fields: {
    root_inode: u64("Inode of the runner's directory."),
    root_device: u32("Its device: major << 20 | minor."),
    runner: u32("Number under which the agent registered that directory."),
    pid: u32("Process id of the Worker in the initial pid namespace."),
    listener_pid: u32("Process id of the Listener."),
    path: path("The Worker's program, as the kernel resolved it."),
  },
});

export type JobStart = EventOf<typeof jobStart>;
