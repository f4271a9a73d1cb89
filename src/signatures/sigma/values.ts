import { BlockList } from "node:net";
import type { FieldValue } from "./fields.ts";

/** Whether a field's value is what a rule looks for. */
export type Test = (value: FieldValue) => boolean;

/** Text comes from jobs, and expressions may take time that grows with its square. */
const mostForExpressions = 4096;

const positions = new Set(["contains", "startswith", "endswith"]);
const comparisons: Readonly<Record<string, (value: number, than: number) => boolean>> = {
  lt: (value, than) => value < than,
  lte: (value, than) => value <= than,
  gt: (value, than) => value > than,
  gte: (value, than) => value >= than,
};

/**
 * What a field is compared with: `value|modifier|modifier`.
 * @param wanted of YAML: one value or a list of them
 * @throws Error what is not supported, as a sentence without a full stop
 */
export function testOf(modifiers: readonly string[], wanted: unknown): Test {
  const isAll = modifiers.includes("all");
  const kinds = modifiers.filter((modifier) => modifier !== "all");
  const list = Array.isArray(wanted) ? wanted : [wanted];
  if (list.length === 0) throw new Error("a list of values is empty");
  const tests = list.map((value) => single(kinds, value));
  const [only, second] = tests;
  if (only && !second) return only;
  return isAll
    ? (value) => tests.every((test) => test(value))
    : (value) => tests.some((test) => test(value));
}

function single(modifiers: readonly string[], wanted: unknown): Test {
  const [kind, ...more] = modifiers.filter((modifier) => modifier !== "cased");
  const isCased = modifiers.includes("cased");
  if (kind === "re") return expression(more, wanted);
  const extra = more[0];
  if (extra !== undefined)
    throw new Error(`the modifiers ${modifiers.join("|")} are not supported`);
  if (kind === undefined) return plain(wanted, isCased);
  if (kind === "cidr") return network(wanted);
  if (kind === "exists") return (value) => (value !== undefined) === (wanted === true);
  const compare = comparisons[kind];
  if (compare) return comparison(compare, wanted);
  if (positions.has(kind)) return glob(around(kind, wordOf(wanted)), isCased);
  if (kind === "windash") return plain(wanted, isCased);
  throw new Error(`the modifier ${kind} is not supported`);
}

function plain(wanted: unknown, isCased: boolean): Test {
  if (wanted === null) return (value) => value === undefined || value === "";
  return glob(wordOf(wanted), isCased);
}

function wordOf(wanted: unknown): string {
  if (typeof wanted === "string") return wanted;
  if (typeof wanted === "number" || typeof wanted === "boolean") return String(wanted);
  throw new Error(`${JSON.stringify(wanted)} is no value to compare with`);
}

const around = (position: string, word: string): string =>
  (position === "startswith" ? "" : "*") + word + (position === "endswith" ? "" : "*");

/** `*` any text, `?` one character, a backslash before one of them or itself means that. */
function glob(pattern: string, isCased: boolean): Test {
  const parts = partsOf(isCased ? pattern : pattern.toLowerCase());
  return (value) => {
    if (value === undefined) return false;
    const text = isCased ? String(value) : String(value).toLowerCase();
    return isLike(text, parts);
  };
}

/** A part is the characters between two stars; undefined stands for any one character. */
type Part = readonly (string | undefined)[];

function partsOf(pattern: string): readonly Part[] {
  const parts: (string | undefined)[][] = [[]];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    const next = pattern[at + 1];
    if (character === "\\" && (next === "*" || next === "?" || next === "\\")) {
      parts.at(-1)?.push(next);
      at++;
    } else if (character === "*") parts.push([]);
    else parts.at(-1)?.push(character === "?" ? undefined : character);
  }
  return parts;
}

function isLike(text: string, parts: readonly Part[]): boolean {
  const [first = [], ...rest] = parts;
  if (!isAt(text, first, 0)) return false;
  const last = rest.pop();
  if (!last) return text.length === first.length;
  let at = first.length;
  for (const part of rest) {
    const found = find(text, part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && isAt(text, last, text.length - last.length);
}

function find(text: string, part: Part, from: number): number {
  if (!part.includes(undefined)) return text.indexOf(part.join(""), from);
  for (let at = from; at + part.length <= text.length; at++) if (isAt(text, part, at)) return at;
  return -1;
}

const isAt = (text: string, part: Part, at: number): boolean =>
  at + part.length <= text.length &&
  part.every((character, i) => character === undefined || text[at + i] === character);

function expression(flags: readonly string[], wanted: unknown): Test {
  const unknown = flags.find((flag) => !/^[ims]$/.test(flag));
  if (unknown !== undefined) throw new Error(`the flag ${unknown} of re is not supported`);
  let compiled: RegExp;
  try {
    compiled = new RegExp(wordOf(wanted), flags.join(""));
  } catch (cause) {
    throw new Error(`the expression cannot be read: ${(cause as Error).message}`, { cause });
  }
  return (value) =>
    value !== undefined && compiled.test(String(value).slice(0, mostForExpressions));
}

function comparison(compare: (value: number, than: number) => boolean, wanted: unknown): Test {
  if (typeof wanted !== "number") throw new Error(`${JSON.stringify(wanted)} is not a number`);
  return (value) => value !== undefined && compare(Number(value), wanted);
}

function network(wanted: unknown): Test {
  const text = wordOf(wanted);
  const [net = "", bits = ""] = text.split("/");
  const block = new BlockList();
  try {
    block.addSubnet(net, Number(bits), net.includes(":") ? "ipv6" : "ipv4");
  } catch (cause) {
    throw new Error(`${text} is no network`, { cause });
  }
  return (value) => {
    const address = String(value ?? "");
    return address !== "" && block.check(address, address.includes(":") ? "ipv6" : "ipv4");
  };
}
