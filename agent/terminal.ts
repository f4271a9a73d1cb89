import { closeSync, openSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Sink, Terminal } from "../src/cli/context.ts";

/** A descriptor as a place for text; NO_COLOR (no-color.org) turns colour off. */
export function terminalOn(
  descriptor: number,
  stream: { readonly columns?: number },
  hasColour: boolean,
): Terminal {
  const isTerminal = isatty(descriptor);
  let closed = false;
  return {
    colour: isTerminal && hasColour,
    columns: isTerminal ? stream.columns : undefined,
    get closed() {
      return closed;
    },
    write(text) {
      if (closed) return;
      try {
        writeAll(descriptor, text);
      } catch (error) {
        // Nobody reads any more, or nothing can be written: what is left to say has no reader.
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        closed = true;
      }
    },
  };
}

/** Opens `fd:N` or a path, which is made anew, for lines of JSON. @throws what the system says */
export function openSink(target: string): Sink {
  const inherited = /^fd:(\d+)$/.exec(target)?.[1];
  const descriptor = inherited === undefined ? openSync(target, "w", 0o600) : Number(inherited);
  if (inherited !== undefined) writeSync(descriptor, "");
  return {
    write: (line) => writeAll(descriptor, line),
    close: () => {
      if (inherited === undefined) closeSync(descriptor);
    },
  };
}

/** A pipe that another program made non-blocking takes what it can: the rest is tried again. */
function writeAll(descriptor: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, pauseMs);
    }
  }
}
const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMs = 5;
