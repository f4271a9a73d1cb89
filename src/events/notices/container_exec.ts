import { choice, defineEvent, type EventOf, text, u32, u64 } from "../schema.ts";
import { yesNo } from "../words.ts";
import { dockerSocket } from "./container_cgroup.ts";

export const containerExec = defineEvent({
  id: 1005,
  name: "container_exec",
  doc: "A runtime is bringing one more process into a container. The header's job and process are those of the client that asked for it; 0 when it is not known, or of no job.",
  ring: "rare",
  ways: [
    [
      ...dockerSocket,
      {
        program: "jw_container_runtime",
        on: "tp_btf/sched_process_exec (Linux 5.5)",
      },
    ],
  ],
  fields: {
    step_key: u64(
      "The step that the process is of: the client's; 0 when that is of another job or not known.",
    ),
    container_job: u32("The job that the container is of, as dockerd's answers tell it; 0: none."),
    pid: u32("Process id of the runtime."),
    known: choice("Whether it was seen who asked.", yesNo, "BOOL"),
    exec: text("The exec's id."),
    container: text("The container's id."),
  },
});

export type ContainerExec = EventOf<typeof containerExec>;
