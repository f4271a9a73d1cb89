import { readIndented } from "./indented_json.ts";

/** What JSON the text is, or is as far as can be told. */
export interface MessageTree {
  readonly root: unknown;
  /** It was JSON as it stood, or when mended; else single values of it were read. */
  readonly reading: "whole" | "mended" | "partial";
  /** Whether lists have as many elements as they had. */
  readonly is_sound: boolean;
}

/** Masking replaces text wherever it stands, so that what it leaves may be no JSON. */
export function readTree(text: string): MessageTree | undefined {
  const whole = objectIn(text);
  if (whole) return { root: whole, reading: "whole", is_sound: true };
  const mended = objectIn(repaired(text));
  if (mended) return { root: mended, reading: "mended", is_sound: true };
  const partial = readIndented(text);
  return partial && { ...partial, reading: "partial" };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // The next way of reading has its turn.
    return undefined;
  }
}

/** Mends what masking is known to do to a value; each expression looks at a character only once. */
function repaired(text: string): string {
  return text
    .replace(/(:[ \t]*)\\"(\*\*\*)\\"(?=[ \t]*,?\r?$)/gm, '$1"$2"')
    .replace(/(:[ \t]*|^[ \t]*)([-\w.+]*\*\*\*[-\w.+*]*)(?=,?\r?$)/gm, '$1"$2"')
    .replace(escaped, (written) => (written.length === 1 ? "\\\\" : written));
}

/** One that JSON knows, or a backslash alone. */
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\/g;
