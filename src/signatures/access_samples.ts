import type { Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";

/** Samples for the signatures about other processes: 1 is the job's first process, 2 its child. */
export const program = (process_key: number, path: string, ...args: string[]): Samples => ({
  event: "process_exec",
  process_key,
  parent_key: process_key - 1,
  pid: 100 + process_key,
  path,
  args: [path, ...args],
});

type Facts = Partial<Omit<EventNamed<"process_access">, "event">>;

export const access = (
  process_key: number,
  way: EventNamed<"process_access">["way"],
  target: Facts,
): Samples => ({ event: "process_access", process_key, way, target_pid: 50, ...target });

export const worker: Facts = {
  target_path: "/srv/r/bin/Runner.Worker",
  target_role: "worker",
  registered: "yes",
  relation: "ancestor",
  target_key: 1,
};
export const listener: Facts = {
  target_path: "/srv/r/bin/Runner.Listener",
  target_role: "listener",
  registered: "yes",
  relation: "outside",
};
export const service: Facts = { target_path: "/usr/sbin/nginx", relation: "outside" };
export const child: Facts = { target_path: "/srv/app", relation: "descendant", target_key: 9 };
export const sibling: Facts = { target_path: "/srv/app", relation: "job", target_key: 9 };
export const parent: Facts = { target_path: "/srv/app", relation: "ancestor", target_key: 9 };
