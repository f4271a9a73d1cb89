interface Finishing {
  /** Ended, and without living descendants. */
  is_finished: boolean;
  is_queued: boolean;
}

/** Finished processes, the first to finish first, at constant cost for each. */
export class FinishedQueue<T extends Finishing> {
  #entries: T[] = [];
  #next = 0;

  push(entry: T): void {
    if (entry.is_queued) return;
    entry.is_queued = true;
    this.#entries.push(entry);
  }

  /** Skips those that got a child since, because its fork came late: they will finish again. */
  shift(): T | undefined {
    while (this.#next < this.#entries.length) {
      const entry = this.#entries[this.#next++];
      this.#compact();
      if (!entry) continue;
      entry.is_queued = false;
      if (entry.is_finished) return entry;
    }
    return undefined;
  }

  #compact(): void {
    if (this.#next < compactAfter || this.#next * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#next);
    this.#next = 0;
  }
}

const compactAfter = 1024;
