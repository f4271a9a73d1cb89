/** A value of a context, with the types taken out of it. */
export type Plain = string | number | boolean | null | readonly Plain[] | PlainMap;
interface PlainMap {
  readonly [key: string]: Plain;
}

/** A field of what may be an object; never one that every object has. */
export function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key]; // just seen that it has it
}

/** A text that is not empty, cut after 4,096 characters. */
export const textOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value.slice(0, longestText) : null;

/** The digits of a whole number, which JSON may have as a text or as a number, `7.0` included. */
export function numberOf(value: unknown): string | null {
  if (typeof value === "string") return /^[0-9]{1,20}$/.test(value) ? value : null;
  return Number.isSafeInteger(value) && Number(value) >= 0 ? String(value) : null;
}

/**
 * What `{"t": 2, "d": [{"k": …, "v": …}]}` and the like stand for. Values that are written plainly are
 * taken as they are; what is deeper than any context, or none of these, is null.
 */
export function plainContext(value: unknown, depth = 0): Plain {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (typeof value !== "object" || value === null || depth >= deepest) return null;
  if (Array.isArray(value)) return value.map((one) => plainContext(one, depth + 1));
  if (!isTyped(value)) return mapOf(Object.entries(value), depth);
  const [list, entries] = [fieldOf(value, "a"), fieldOf(value, "d")];
  if (Array.isArray(list)) return list.map((one) => plainContext(one, depth + 1));
  if (Array.isArray(entries)) return mapOf(entries.map(pairOf), depth);
  if (Object.keys(value).length === 1) return mapOf([], depth);
  return plainContext(fieldOf(value, "s") ?? fieldOf(value, "b") ?? fieldOf(value, "n"), depth + 1);
}

/** Its type may be masked, and what is empty may have nothing but a type. */
function isTyped(value: object): boolean {
  const [first, second] = Object.keys(value).filter((key) => key !== "t");
  if (!Object.hasOwn(value, "t") || second !== undefined) return false;
  return first === undefined || /^[sbnad]$/.test(first);
}

const pairOf = (entry: unknown): [unknown, unknown] => [fieldOf(entry, "k"), fieldOf(entry, "v")];

/** Without a prototype, so that no key means anything. */
function mapOf(pairs: readonly (readonly [unknown, unknown])[], depth: number): PlainMap {
  const map: Record<string, Plain> = Object.create(null);
  for (const [key, value] of pairs) {
    if (typeof key === "string") map[key] = plainContext(value, depth + 1);
  }
  return map;
}

/** A map as JSON text, its keys sorted at each level; null when it is empty or longer than a matrix. */
export function sortedJson(value: Plain): string | null {
  if (!isMap(value) || Object.keys(value).length === 0) return null;
  const text = jsonOf(value);
  return text.length > longestJson ? null : text;
}

function jsonOf(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${jsonOf(value[key] ?? null)}`);
  return `{${pairs.join(",")}}`;
}

const isMap = (value: Plain): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const longestText = 4096;
const longestJson = 16 * 1024;
const deepest = 32;
