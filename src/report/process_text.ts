import { basename } from "node:path";
import { printable } from "../base/escape_terminal.ts";
import { commandText } from "../base/text.ts";

/**
 * What a process runs, in one inert line: its arguments, and the file where these name another
 * program than the kernel executed.
 */
export function programText({ path, args }: Program): string {
  const [called = ""] = args;
  if (args.length === 0) return path ? printable(path) : "(its program is not known)";
  const isNamed = called !== "" && basename(path).startsWith(basename(called));
  return isNamed || !path ? commandText(args) : `${commandText(args)}  (${printable(path)})`;
}

interface Program {
  readonly path: string;
  readonly args: readonly string[];
}
