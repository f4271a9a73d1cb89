/** What of a step decides its id. */
export interface NamedStep {
  /** As written; undefined or null when the step has none. */
  readonly id?: string | null | undefined;
  readonly uses?: string | null | undefined;
}

/**
 * The ids that the runner gives to the steps of one list, which is what `GITHUB_ACTION` is: of one
 * job, or of one composite action. Ids that are written come first, wherever they stand; then each
 * step without one, in order, gets a name after what it runs, with a number if that is taken.
 * A step whose `if:` is false has its id all the same.
 */
export function stepIds(steps: readonly NamedStep[]): string[] {
  const taken = new Set<string>();
  for (const { id } of steps) if (id) taken.add(id.toLowerCase());
  const tried = new Map<string, number>();
  return steps.map(({ id, uses }) => id || freeName(baseOf(uses), taken, tried));
}

function baseOf(uses: string | null | undefined): string {
  if (!uses) return "run";
  if (uses.startsWith("docker://")) return uses.slice("docker://".length);
  if (uses.startsWith("./") || uses.startsWith(".\\")) return "self";
  if (uses.startsWith("$/")) return "selfRepository";
  const [owner = "", repository = ""] = (uses.split("@")[0] ?? "").split(/[/\\]/);
  return `${owner}/${repository}`;
}

/** @param tried the last number that was tried for a name, so that a long list stays linear */
function freeName(base: string, taken: Set<string>, tried: Map<string, number>): string {
  const name = `__${base.replace(/[^A-Za-z0-9_-]/g, "_")}`;
  for (let number = (tried.get(name.toLowerCase()) ?? 0) + 1; ; number++) {
    const suffix = number === 1 ? "" : `_${number}`;
    const id = name.slice(0, longestId - suffix.length) + suffix;
    if (taken.has(id.toLowerCase())) continue;
    taken.add(id.toLowerCase());
    tried.set(name.toLowerCase(), number);
    return id;
  }
}

const longestId = 100;
