import { stepIds } from "./step_ids.ts";
import { tidyUses } from "./uses.ts";
import type { YamlFile } from "./yaml_nodes.ts";

/** One entry of a `steps:` list, of a job or of a composite action. */
export interface WrittenStep {
  /** From 0. */
  readonly position: number;
  /** What `GITHUB_ACTION` is for it at the top level; null where that cannot be recomputed. */
  readonly id: string | null;
  readonly name: string | null;
  /** In one spelling, with `./` for a local action; null for `run:`. */
  readonly uses: string | null;
  /** The script, cut after 4,096 characters; null for `uses:`. */
  readonly run: string | null;
  readonly shell: string | null;
  /** It may run beside the steps after it. */
  readonly is_background: boolean;
  /** Others may run although this one did not: it has an `if:` or a `continue-on-error:`. */
  readonly is_skippable: boolean;
  /** From 1: of the `run:` or `uses:` key; of the entry when it has neither. */
  readonly line: number | null;
  /** From 1: where the entry begins. */
  readonly item_line: number | null;
}

/** @returns undefined when there are more steps than any job has */
export function stepsIn(file: YamlFile, list: unknown): readonly WrittenStep[] | undefined {
  const items = file.items(list);
  if (items.length > mostSteps) return undefined;
  const nodes = items.map((item) => file.resolve(item));
  const texts = nodes.map((node) => ({
    id: file.text(file.get(node, "id")),
    uses: file.text(file.get(node, "uses"))?.trim(),
  }));
  const ids = stepIds(texts);
  // How the runner names what neither runs nor uses something is not known, so what it takes is not.
  const is_exact = nodes.every((node) => file.has(node, "run") || file.has(node, "uses"));
  return nodes.map((node, position) => {
    const { id, uses } = texts[position] ?? {};
    const isKnown = is_exact || id || (uses && !uses.startsWith("docker://"));
    return {
      ...written(file, node),
      position,
      id: isKnown ? (ids[position] ?? null) : null,
      uses: uses ? tidyUses(uses) : null,
    };
  });
}

function written(file: YamlFile, node: unknown): Omit<WrittenStep, "position" | "id" | "uses"> {
  const key = file.has(node, "uses") ? "uses" : "run";
  const item_line = file.lineOf(node) ?? null;
  const background = file.get(node, "background");
  return {
    name: file.text(file.get(node, "name")) ?? null,
    run: file.text(file.get(node, "run"))?.slice(0, longestScript) ?? null,
    shell: file.text(file.get(node, "shell")) ?? null,
    is_background: background !== undefined && file.text(background) !== "false",
    is_skippable: file.has(node, "if") || file.has(node, "continue-on-error"),
    line: file.lineOfKey(node, key) ?? item_line,
    item_line,
  };
}

const mostSteps = 1000;
const longestScript = 4096;
