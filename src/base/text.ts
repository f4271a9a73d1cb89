import { printable } from "./escape_terminal.ts";

/** Arguments as a shell would read them, so that a reader sees where each ends. Inert. */
export const commandText = (args: readonly string[]): string =>
  printable(args.map(shellWord).join(" "));

/** `n process`, `n processes`; numbers from 10,000 have separators. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Digits in groups of three from 10,000 on, whatever the locale. */
export const number = (value: number): string =>
  value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, ",");

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
