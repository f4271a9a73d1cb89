/** Levels whose lines are drawn; a deeper one says its level, so that a chain of 10,000 fits. */
const drawnLevels = 32;
const levelWidth = 3;

export interface TreeLine<T> {
  /** The box characters before the node's text. */
  readonly prefix: string;
  readonly node: T;
  /** Roots have level 1. */
  readonly level: number;
  /** Children that are not shown because of the depth. */
  readonly hidden: number;
}

/**
 * Walks a tree top down, one line at a time, without recursion: a job may fork as deep as it likes.
 *
 * @param depth levels to show; the roots are level 1
 */
export function* treeLines<T>(
  roots: readonly T[],
  childrenOf: (node: T) => readonly T[],
  depth = Number.POSITIVE_INFINITY,
): Generator<TreeLine<T>> {
  const open = roots.map((node) => ({ node, level: 1, lead: "", last: true })).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, level, lead, last } = next;
    const children = childrenOf(node);
    const branch = level === 1 ? "" : last ? "└─ " : "├─ ";
    const isDeepest = level >= depth;
    const hidden = isDeepest ? children.length : 0;
    yield { prefix: drawn(lead, level) + branch, node, level, hidden };
    if (isDeepest) continue;
    const below = level === 1 ? "" : lead + (last ? "   " : "│  ");
    const kept = below.slice(-levelWidth * drawnLevels);
    for (let at = children.length - 1; at >= 0; at--) {
      const child = children[at] as T; // within bounds
      open.push({ node: child, level: level + 1, lead: kept, last: at === children.length - 1 });
    }
  }
}

const drawn = (lead: string, level: number): string =>
  level - 2 > drawnLevels ? `(level ${level}) ${lead}` : lead;
