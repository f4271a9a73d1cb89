import type { JobContext } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";

/*
 * A path that a container's process uses is of the container. One that has only its own mounts, as
 * after `unshare -m`, still sees the host's files; so both namespaces must differ from the job's.
 */

/** For a signature that asks `isInContainer`: to be called with each exec. */
export function learnNamespaces(event: EventNamed<"process_exec">, { memory }: JobContext): void {
  const mount = memory.get("mount namespace");
  if (mount === undefined) {
    memory.set("mount namespace", event.mount_namespace);
    memory.set("pid namespace", event.pid_namespace);
    return;
  }
  if (event.mount_namespace === mount) return;
  if (event.pid_namespace !== memory.get("pid namespace")) {
    memory.set(`inside ${event.process_key}`, 1);
  }
}

const forksBack = 8;

/** Whether the process of the event sees the files of a container. */
export function isInContainer({ memory, process, processOf }: JobContext): boolean {
  let next: Process | undefined = process;
  for (let back = 0; next && back < forksBack; back++) {
    if (memory.get(`inside ${next.process_key}`) !== undefined) return true;
    // Its own exec would have told; before that it is where its parent is.
    if (next.execs > 0) return false;
    next = processOf(next.parent_key);
  }
  return false;
}
