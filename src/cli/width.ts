/** Columns that text takes on a terminal. It must be inert: no control characters. */
export function displayWidth(text: string): number {
  if (isPlain.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text, or as much of it as fits, with … at its end. */
export function cut(text: string, columns: number | undefined): string {
  if (columns === undefined || displayWidth(text) <= columns) return text;
  let width = 0;
  let kept = "";
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? "" : `${kept}…`;
}

const isPlain = /^[\x20-\x7e]*$/;
const takesNone = /[\p{Mn}\p{Me}\p{Cf}]/u;
const isEmoji = /\p{Emoji_Presentation}/u;

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (takesNone.test(character)) return 0;
  return isEmoji.test(character) || wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Blocks that are wide or full width in Unicode's EastAsianWidth.txt; few, and nearly exact. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1b000, 0x1b2fb],
  [0x20000, 0x3fffd],
];
