/**
 * One line of JSON that is also safe on a terminal: control and format characters, which JSON may
 * hold as they are (C1, bidi, zero width: those that `printable` spells out), stand as \u escapes. It parses back to the same value.
 */
export function jsonLine(value: unknown): string {
  return safeJson(JSON.stringify(value, plainValue));
}

/** @returns the same JSON, safe on a terminal */
export const safeJson = (json: string): string => json.replace(unsafe, escaped);

// Characters are escaped by their UTF-16 halves, as JSON wants it.
const unsafe =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{3164}\u{ffa0}]|\p{Variation_Selector}/gu;

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");

/** SQLite gives integers beyond 2^53, which JSON does not know: they become text. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  return value;
}
