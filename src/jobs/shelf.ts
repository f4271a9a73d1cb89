/** At most `limit` things, the oldest of which makes room for a new one. */
export class Shelf<T> {
  readonly #limit: number;
  readonly #things = new Set<T>();
  /** Kept: a new iterator would first walk over all that was taken away at the front. */
  readonly #by_age = this.#things.values();
  #dropped = 0;

  constructor(limit: number) {
    if (!(limit >= 1)) throw new RangeError(`a shelf needs room for 1 thing, not ${limit}`);
    this.#limit = limit;
  }

  /** Things dropped so far to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  get size(): number {
    return this.#things.size;
  }

  /** @returns what was dropped to make room */
  add(thing: T): T | undefined {
    this.#things.add(thing);
    if (this.#things.size <= this.#limit) return undefined;
    const oldest = this.#by_age.next();
    if (oldest.done) return undefined;
    this.#things.delete(oldest.value);
    this.#dropped++;
    return oldest.value;
  }

  /** What goes this way is not counted as dropped. */
  delete(thing: T): void {
    this.#things.delete(thing);
  }

  /** The oldest first. */
  values(): SetIterator<T> {
    return this.#things.values();
  }
}
