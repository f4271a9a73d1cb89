import type { Memory } from "../engine/signature.ts";

/**
 * Numbers by number, in a fixed number of slots: what would otherwise be an entry for each process of a
 * build pushes nothing else out of memory. A newer key takes an older one's slot.
 */
export class Slots {
  readonly #count: number;
  /** Made once: joining text is most of the cost. */
  readonly #keyNames: readonly string[];
  readonly #valueNames: readonly string[];

  /** @param name of its own within the signature */
  constructor(name: string, count = 256) {
    this.#count = count;
    this.#keyNames = Array.from({ length: count }, (_, slot) => `${name} key ${slot}`);
    this.#valueNames = Array.from({ length: count }, (_, slot) => `${name} ${slot}`);
  }

  set(memory: Memory, key: number, value: number): void {
    const slot = key % this.#count;
    memory.set(this.#keyNames[slot] ?? "", key);
    memory.set(this.#valueNames[slot] ?? "", value);
  }

  get(memory: Memory, key: number): number | undefined {
    const slot = key % this.#count;
    if (memory.get(this.#keyNames[slot] ?? "") !== key) return undefined;
    return memory.get(this.#valueNames[slot] ?? "");
  }
}
