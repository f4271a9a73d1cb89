/**
 * What a terminal would obey, hide or reorder instead of showing: C0 and C1 controls (ESC, newline
 * and tab among them), soft hyphen, bidirectional marks and overrides, zero-width and other format
 * characters, line and paragraph separators, lone surrogates, tags.
 */
const unprintable =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{3164}\u{ffa0}]|\p{Variation_Selector}/gu;

/** @returns the text with every character that does not show itself spelt out: `\x1b`, `\u202e` */
export function printable(text: string): string {
  return text.replace(unprintable, spell);
}

function spell(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
