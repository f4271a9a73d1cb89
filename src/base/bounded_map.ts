/**
 * A map that holds at most `limit` entries: a new key makes room by dropping the one that was
 * added first. A key that is set again keeps its age.
 */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  /**
   * Kept, because a new iterator would first walk over all that was deleted at the front. What it
   * has passed was dropped, so the next is the oldest.
   */
  readonly #byAge = this.#entries.keys();
  readonly #limit: number;
  #dropped = 0;

  /** @param limit 1 or more */
  constructor(limit: number) {
    if (!(limit >= 1)) throw new RangeError(`a bounded map needs room for 1 entry, not ${limit}`);
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Entries dropped so far to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): void {
    if (this.#entries.size >= this.#limit && !this.#entries.has(key)) this.#dropOldest();
    this.#entries.set(key, value);
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  /** Forgets everything; what goes this way is not counted as dropped. */
  clear(): void {
    this.#entries.clear();
  }

  /** The oldest first. */
  entries(): MapIterator<[K, V]> {
    return this.#entries.entries();
  }

  #dropOldest(): void {
    const { value, done } = this.#byAge.next();
    if (done) return;
    this.#entries.delete(value);
    this.#dropped++;
  }
}
