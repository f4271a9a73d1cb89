import { bytes, defineEvent, type EventOf, u32 } from "../schema.ts";

export const stepEnvironment = defineEvent({
  id: 1003,
  name: "step_environment",
  doc: "A piece of the environment with which the Worker started a process. Holds secrets: only listed names may be read from it.",
  ring: "rare",
  ways: [
    [
      {
        program: "jw_step_exec",
        on: "tp_btf/sched_process_exec (Linux 5.5)",
      },
    ],
  ],
  fields: {
    total_bytes: u32("Bytes of the whole environment."),
    offset: u32("Where in it this piece begins."),
    block: bytes("The piece: variables, each ended by NUL."),
  },
});

export type StepEnvironment = EventOf<typeof stepEnvironment>;
