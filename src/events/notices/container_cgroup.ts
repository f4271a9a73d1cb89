import { choice, defineEvent, type EventOf, type Hook, text, u64 } from "../schema.ts";

/** The programs that learn from dockerd's socket which client was told which id. */
export const dockerSocket: readonly [Hook, Hook, Hook] = [
  { program: "jw_docker_enter", on: "tp_btf/sys_enter (Linux 5.5)" },
  { program: "jw_docker_exit", on: "tp_btf/sys_exit (Linux 5.5)" },
  { program: "jw_client_exit", on: "tp_btf/sched_process_exit (Linux 5.5)" },
];

/** How it is known whose a container is. */
export const containerOwnership = [
  "unowned",
  "id",
  "legacy_build",
  "buildkit",
  "parent",
  "creator",
  "ambiguous",
] as const;
export type ContainerOwnership = (typeof containerOwnership)[number];

export const containerCgroup = defineEvent({
  id: 1004,
  name: "container_cgroup",
  doc: "A control group for a container was made, of the job in the header or of none. The header's process is the client that asked for it; 0 when it is not known, or of no job.",
  ring: "rare",
  ways: [
    [...dockerSocket, { program: "jw_container_mkdir", on: "tp_btf/cgroup_mkdir (Linux 5.5)" }],
  ],
  fields: {
    cgroup_id: u64("The kernel's id of the group."),
    step_key: u64("Key of the Worker's child in whose tree the client is; 0 when there is none."),
    how: choice(
      "How the owner is known. id: dockerd told the client the container's id. legacy_build: it told the client of a build its first digits. buildkit: all who were building were of one job. parent: it lies in a group of the job. creator: a process of the job made it. ambiguous: several were building.",
      containerOwnership,
      "OWNED",
    ),
    name: text("The group's name, which has the container's id in it."),
  },
});

export type ContainerCgroup = EventOf<typeof containerCgroup>;
