/** What `map` of an array does, one item at a time; a reader that stops early stops the source. */
export function* mapped<T, U>(source: Iterable<T>, change: (item: T) => U): Generator<U> {
  for (const item of source) yield change(item);
}

/** The first `most` items; the source is not asked for one more. */
export function* taken<T>(source: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const item of source) {
    yield item;
    if (--left <= 0) return;
  }
}
