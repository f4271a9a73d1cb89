import type { Memory } from "../engine/signature.ts";

/**
 * Numbers by number, in a fixed number of slots: what would otherwise be an entry for each process of a
 * build pushes nothing else out of memory. A newer key takes an older one's slot.
 */
export class Slots {
  readonly #name: string;
  readonly #count: number;

  /** @param name of its own within the signature */
  constructor(name: string, count = 256) {
    this.#name = name;
    this.#count = count;
  }

  set(memory: Memory, key: number, value: number): void {
    const slot = key % this.#count;
    memory.set(`${this.#name} key ${slot}`, key);
    memory.set(`${this.#name} ${slot}`, value);
  }

  get(memory: Memory, key: number): number | undefined {
    const slot = key % this.#count;
    if (memory.get(`${this.#name} key ${slot}`) !== key) return undefined;
    return memory.get(`${this.#name} ${slot}`);
  }
}
