import { printable } from "../base/escape_terminal.ts";

export { commandText, counted, number } from "../base/text.ts";

/** A word as a sentence quotes it: inert, and short. */
export const quoted = (word: string): string => `"${shortened(printable(word), 80)}"`;

const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}…` : text;
