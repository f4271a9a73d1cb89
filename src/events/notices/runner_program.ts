import { choice, defineEvent, type EventOf, path, u32, u64 } from "../schema.ts";
import { runnerExec } from "./job_start.ts";

export const runnerProgram = defineEvent({
  id: 1002,
  name: "runner_program",
  doc: "A process of no job executed a program that is named and placed as a runner's, and no job began by it.",
  ring: "rare",
  ways: [[runnerExec]],
  fields: {
    root_inode: u64("Inode of the directory that holds the program's directory."),
    root_device: u32("Its device: major << 20 | minor."),
    pid: u32("Process id in the initial pid namespace."),
    parent_pid: u32("Process id of the parent."),
    kind: choice("Which program.", ["listener", "worker"], "RUNNER"),
    path: path("The program, as the kernel resolved it."),
  },
});

export type RunnerProgram = EventOf<typeof runnerProgram>;
