import { BoundedMap } from "../base/bounded_map.ts";
import type { JobEvent } from "../events/index.ts";

/**
 * Which processes of a job see other mounts than the host: those of containers, after `unshare -m`.
 * A process that changes its namespace and then executes nothing is not noticed.
 */
export class ForeignProcesses {
  readonly #host: number;
  readonly #keys = new BoundedMap<number, true>(rememberedKeys);

  /** @param mount_namespace inode of the host's; 0 when it is not known: then nothing is foreign */
  constructor(mount_namespace: number) {
    this.#host = mount_namespace;
  }

  has(process_key: number): boolean {
    return this.#keys.has(process_key);
  }

  apply(event: JobEvent): void {
    if (this.#host === 0) return;
    switch (event.event) {
      case "process_exec":
        if (event.mount_namespace !== this.#host) this.#keys.set(event.process_key, true);
        else this.#keys.delete(event.process_key);
        break;
      case "process_fork":
        if (this.#keys.has(event.process_key)) this.#keys.set(event.child_key, true);
        break;
      case "process_exit":
        this.#keys.delete(event.process_key);
        break;
    }
  }
}

const rememberedKeys = 16_384;
