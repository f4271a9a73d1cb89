/** What a step's id is made from. */
export interface Named {
  readonly id?: string | undefined;
  readonly uses?: string | undefined;
}

const longest = 100;

/**
 * The id of each step of one `steps:` list, as the workflow parser gives them: the explicit ones
 * first, whatever their place, then one for each step without, in order.
 */
export function stepIds(steps: readonly Named[]): string[] {
  const taken = new Set(steps.flatMap(({ id }) => (id === undefined ? [] : [id.toLowerCase()])));
  return steps.map((step) => step.id ?? freeId(baseOf(step), taken));
}

function freeId(base: string, taken: Set<string>): string {
  const name = `__${base}`.replace(/[^A-Za-z0-9_-]/g, "_");
  for (let attempt = 1; ; attempt++) {
    const suffix = attempt === 1 ? "" : `_${attempt}`;
    const id = name.slice(0, longest - suffix.length) + suffix;
    if (taken.has(id.toLowerCase())) continue;
    taken.add(id.toLowerCase());
    return id;
  }
}

function baseOf({ uses }: Named): string {
  if (uses === undefined) return "run";
  if (uses.startsWith("docker://")) return uses.slice("docker://".length);
  if (/^\.[/\\]/.test(uses)) return "self";
  const [path = ""] = uses.split("@");
  return path.split("/").slice(0, 2).join("/");
}
