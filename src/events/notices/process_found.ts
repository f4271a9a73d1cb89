import { choice, defineEvent, type EventOf, path, u32, u64 } from "../schema.ts";

/** The program that the agent runs over all tasks of the host, when it has come to know a runner. */
export const findTasks = { program: "jw_find", on: "iter/task (Linux 5.8)" } as const;

export const processFound = defineEvent({
  id: 1007,
  name: "process_found",
  doc: "A process that ran before it could be traced was taken into the job in the header: the Worker of a registered runner, whose job this is from now on, or what it had started.",
  ring: "rare",
  ways: [[findTasks]],
  fields: {
    parent_key: u64("Its parent; 0 when that is of no job, as with the Worker."),
    started_us: u64("When it was started: Unix microseconds."),
    runner: u32("Of the Worker: number under which the agent registered its directory. Else 0."),
    pid: u32("Process id in the initial pid namespace."),
    role: choice("What it is to the job.", ["other", "worker"], "FOUND"),
    path: path("Its program, as the kernel resolved it."),
  },
});

export type ProcessFound = EventOf<typeof processFound>;
