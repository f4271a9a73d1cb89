import { fieldOf, textOf } from "./loose_values.ts";
import { tidyUses } from "./uses.ts";

/** One step of the job, as the runner was told it. */
export interface MessageStep {
  /** What `GITHUB_ACTION` is for it. */
  readonly action: string;
  /** From 0, among the job's steps. */
  readonly position: number;
  readonly kind: "run" | "repository" | "local" | "docker" | "unknown";
  /** As `tidyUses` writes it; null for `run:`. */
  readonly uses: string | null;
  /** Its `name:` when that is a literal; null otherwise. */
  readonly name: string | null;
  /** Workflow file of the token that has a line; null when none has. */
  readonly file: string | null;
  /**
   * From 1: the line of its script, else of its name, else of an input; null when not told. Where
   * something of the step is masked: of its script, or of its name when it has none.
   */
  readonly line: number | null;
}

/**
 * @param files that the tokens' numbers, from 1, are of
 * @param is_whole whether nothing of the message was lost
 */
export function messageSteps(
  steps: unknown,
  files: readonly string[],
  is_whole: boolean,
): readonly MessageStep[] {
  if (!Array.isArray(steps) || steps.length > mostSteps) return [];
  // What masking made of a bracket may be one element too many: from there on no position is sure.
  const odd = steps.findIndex((step) => typeof step !== "object" || step === null);
  return steps.slice(0, odd < 0 ? steps.length : odd).flatMap((step, position) => {
    const action = textOf(fieldOf(step, "name")) ?? textOf(fieldOf(step, "contextName"));
    if (action === null) return [];
    const name = fieldOf(step, "displayNameToken");
    const { kind, uses } = actionOf(fieldOf(step, "reference"));
    const inputs = fieldOf(step, "inputs");
    const first = kind === "run" ? scriptOf(inputs) : kind === "unknown" ? undefined : name;
    // Where something is masked, the token that has the place may be what cannot be read.
    const isClear = is_whole && !hasMask(step);
    const token = isClear ? [first, name, ...tokensOf(inputs)].find(hasPlace) : first;
    return { action, position, kind, uses, name: literal(name), ...placeOf(token, files) };
  });
}

function actionOf(reference: unknown): Pick<MessageStep, "kind" | "uses"> {
  const type = String(fieldOf(reference, "type")).toLowerCase();
  const [name, ref, path, image] = ["name", "ref", "path", "image"].map((key) =>
    textOf(fieldOf(reference, key)),
  );
  if (type === "script") return { kind: "run", uses: null };
  if (type === "containerregistry" && image) {
    return { kind: "docker", uses: tidyUses(`docker://${image.replace(/^docker:\/\//, "")}`) };
  }
  if (type !== "repository") return { kind: "unknown", uses: null };
  if (name && ref) {
    return { kind: "repository", uses: tidyUses(`${name}${path ? `/${path}` : ""}@${ref}`) };
  }
  const isSelf = String(fieldOf(reference, "repositoryType")).toLowerCase() === "self";
  if (isSelf && path) return { kind: "local", uses: tidyUses(`./${path}`) };
  return { kind: "unknown", uses: null };
}

/** A token is a plain text where it has no place, else an object; with an expression it has no `lit`. */
const literal = (token: unknown): string | null => textOf(token) ?? textOf(fieldOf(token, "lit"));

function scriptOf(inputs: unknown): unknown {
  const entry = entriesOf(inputs).find((one) => literal(either(one, "Key", "key")) === "script");
  return either(entry, "Value", "value");
}

function entriesOf(inputs: unknown): readonly unknown[] {
  const map = fieldOf(inputs, "map");
  return Array.isArray(map) ? map.slice(0, mostInputs) : [];
}

/** Of the inputs in their order, and of all of them together. */
function tokensOf(inputs: unknown): readonly unknown[] {
  const entries = entriesOf(inputs);
  const pairs = entries.map((entry) => [
    either(entry, "Key", "key"),
    either(entry, "Value", "value"),
  ]);
  return [...pairs.flat(), inputs];
}

const hasPlace = (token: unknown): boolean => fieldOf(token, "line") !== undefined;

function placeOf(token: unknown, files: readonly string[]): Pick<MessageStep, "file" | "line"> {
  const [line, file] = [fieldOf(token, "line"), fieldOf(token, "file")];
  return {
    file: (typeof file === "number" && files[file - 1]) || null,
    line: Number.isSafeInteger(line) && Number(line) > 0 ? Number(line) : null,
  };
}

/** In a key or a value; what is too deep to look at counts as masked. */
function hasMask(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return value.includes("***");
  if (typeof value !== "object" || value === null) return false;
  if (depth > deepest) return true;
  return Object.entries(value).some(([key, one]) => hasMask(key) || hasMask(one, depth + 1));
}

const either = (entry: unknown, one: string, other: string): unknown =>
  fieldOf(entry, one) ?? fieldOf(entry, other);

const mostSteps = 1000;
const mostInputs = 1000;
const deepest = 16;
