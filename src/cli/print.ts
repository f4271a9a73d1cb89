import type { Terminal } from "./context.ts";
import { mapped } from "./iterables.ts";
import { jsonLine } from "./json.ts";

const chunkCharacters = 16_384;

/**
 * Prints lines as they come, in chunks, and stops asking for more when the reader has gone: the
 * generator is then closed, and with it the query behind it.
 */
export function printLines(terminal: Terminal, lines: Iterable<string>): void {
  let chunk = "";
  for (const line of lines) {
    if (terminal.closed) return;
    chunk += `${line}\n`;
    if (chunk.length < chunkCharacters) continue;
    terminal.write(chunk);
    chunk = "";
  }
  if (chunk) terminal.write(chunk);
}

/** Prints each value as one line of JSON. */
export function printJson(terminal: Terminal, values: Iterable<unknown>): void {
  printLines(terminal, mapped(values, jsonLine));
}
