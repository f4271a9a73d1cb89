import { printable } from "../base/escape_terminal.ts";

/*
 * The only way text gets out to GitHub. What is made here is inert where it is put, whoever wrote it:
 * control characters, ANSI sequences, NUL and what reorders or hides text are spelt out first.
 */

/**
 * A line for a job's log that the runner takes for no command.
 *
 * The runner obeys `::name::` at the start of a line, white space before it not counted, and `##[name]`
 * anywhere in it. It compares by the rules of a culture, where some characters count as nothing; so
 * what stands between or before the marks is only trusted where it is visible ASCII.
 */
export const logLine = (text: string): string =>
  printable(text)
    .replace(/^([^!-9;-~]*?):(?=[^ -~]*:)/u, "$1\\x3a")
    .replace(/#(?=[^ -~]*#[^ -~]*\[)/gu, "\\x23");

/**
 * The message of a workflow command, of one line or more. It cannot end the command or add one.
 * @param most UTF-16 units that the reader of the command keeps
 */
export const commandData = (lines: readonly string[], most: number): string =>
  percentEscape(cutUnits(lines.map(logLine).join("\n"), most), /[%\n]/g);

/** A property of a workflow command, such as its `title`. */
export const commandProperty = (text: string): string => percentEscape(printable(text), /[%:,]/g);

/** Text of our own in Markdown and HTML: what it says stands for itself. */
export const markdownText = (text: string): string => entities(text);

/**
 * Text in Markdown and HTML, as code: it stands for itself, in a table cell too. In `<code>` because
 * GitHub looks for mentions, issues, commits and emoji everywhere else; as numbers because no
 * punctuation then has a meaning.
 */
export const markdownCode = (text: string): string => `<code>${entities(text)}</code>`;

/** Lines in Markdown and HTML, as they are laid out. */
export const markdownBlock = (lines: readonly string[]): string =>
  `<pre>${lines.map(entities).join("\n")}</pre>`;

/**
 * A text of at most so many bytes in UTF-8, never cut inside a character. One that was cut ends in
 * an ellipsis.
 */
export function cutBytes(text: string, most_bytes: number): string {
  if (new TextEncoder().encode(text).length <= most_bytes) return text;
  const room = new Uint8Array(Math.max(0, most_bytes - ellipsisBytes));
  const { read } = new TextEncoder().encodeInto(text, room);
  return most_bytes < ellipsisBytes ? "" : `${text.slice(0, read)}…`;
}

/** A text of at most so many UTF-16 units, as the runner counts; an ellipsis ends one that was cut. */
export function cutUnits(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, Math.max(0, most - 1));
  // Half a pair would be spelt out, and then be longer.
  return `${kept.replace(/[\ud800-\udbff]$/, "")}…`;
}

const ellipsisBytes = 3;

const percentEscape = (text: string, what: RegExp): string =>
  text.replace(what, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);

/** The comment after `@` is for cmark, which makes links of addresses after all else is done. */
const entities = (text: string): string =>
  printable(text).replace(/[!-/:-@[-`{-~]/g, (one) =>
    one === "@" ? "&#64;<!-- -->" : `&#${one.charCodeAt(0)};`,
  );
