/** What a condition asks of the selections that are named in it. */
export type Condition = (isSelected: (selection: string) => boolean) => boolean;

/** Deeper than anybody writes. */
const mostDepth = 64;

/**
 * Reads a Sigma condition: `and`, `or`, `not`, brackets, `1 of x*`, `all of x*`, `1 of them`.
 * https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html
 * @param names of the selections that the rule has
 * @throws Error what is wrong with it, as a sentence without a full stop
 */
export function parseCondition(text: string, names: readonly string[]): Condition {
  if (text.includes("|")) throw new Error("aggregations after | are not supported");
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  const reader = new ConditionReader(tokens, names);
  const condition = reader.either(0);
  const left = reader.peek();
  if (left !== undefined) throw new Error(`the condition does not end before "${left}"`);
  return condition;
}

class ConditionReader {
  readonly #tokens: readonly string[];
  readonly #names: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[], names: readonly string[]) {
    this.#tokens = tokens;
    this.#names = names;
  }

  peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  either(depth: number): Condition {
    const parts = [this.#both(depth)];
    while (this.#takes("or")) parts.push(this.#both(depth));
    return one(parts, (isSelected) => parts.some((part) => part(isSelected)));
  }

  #both(depth: number): Condition {
    const parts = [this.#single(depth)];
    while (this.#takes("and")) parts.push(this.#single(depth));
    return one(parts, (isSelected) => parts.every((part) => part(isSelected)));
  }

  #single(depth: number): Condition {
    if (depth > mostDepth) throw new Error("the condition is nested too deeply");
    if (this.#takes("not")) {
      const inner = this.#single(depth + 1);
      return (isSelected) => !inner(isSelected);
    }
    if (this.#takes("(")) {
      const inner = this.either(depth + 1);
      if (!this.#takes(")")) throw new Error("a bracket of the condition is not closed");
      return inner;
    }
    return this.#selection();
  }

  #selection(): Condition {
    const word = this.#next();
    const isQuantity = word === "1" || word === "any" || word === "all";
    if (isQuantity && this.#takes("of")) return this.#some(word === "all", this.#next());
    if (!this.#names.includes(word))
      throw new Error(`the condition names "${word}", which is not there`);
    return (isSelected) => isSelected(word);
  }

  #some(isAll: boolean, pattern: string): Condition {
    const names = this.#names.filter((name) => isNamed(name, pattern));
    if (names.length === 0) throw new Error(`"${pattern}" of the condition matches no selection`);
    return isAll ? (isSelected) => names.every(isSelected) : (isSelected) => names.some(isSelected);
  }

  #takes(word: string): boolean {
    if (this.peek()?.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  #next(): string {
    const word = this.peek();
    if (word === undefined) throw new Error("the condition ends where a selection is expected");
    this.#at++;
    return word;
  }
}

/** Names that start with _ are not of `them`. */
function isNamed(name: string, pattern: string): boolean {
  if (pattern.toLowerCase() === "them") return !name.startsWith("_");
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

const one = (parts: readonly Condition[], all: Condition): Condition => {
  const [first, second] = parts;
  return first && !second ? first : all;
};
