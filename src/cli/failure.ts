import { type ErrorCode, errorCodes, JobwardenError } from "../base/errors.ts";
import { printable } from "../base/escape_terminal.ts";
import type { Command } from "./command.ts";
import type { Context } from "./context.ts";

/** sysexits.h: an internal software error. */
const bugExit = 70;

const exits: Partial<Record<ErrorCode, number>> = {
  USAGE: 2,
  COMMAND_NOT_FOUND: 127,
  COMMAND_NOT_EXECUTABLE: 126,
};

/** Says on stderr what went wrong and what to do about it; gives the exit code. */
export function reportFailure(
  error: unknown,
  command: Command | undefined,
  { err, debug }: Pick<Context, "err" | "debug">,
): number {
  if (!(error instanceof JobwardenError)) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    err.write(`jobwarden: this is a bug, please report it: ${printable(what)}${hint(debug)}\n`);
    if (debug) err.write(`${stackOf(error)}\n`);
    return bugExit;
  }
  for (const line of linesOf(error)) err.write(`jobwarden: ${line}\n`);
  if (debug) err.write(`${stackOf(error)}\n`);
  return exits[error.code] ?? command?.failure_exit ?? 1;
}

/** A configuration may have several faults, each on its line. */
const linesOf = (error: JobwardenError): readonly string[] =>
  error.code === "CONFIG_INVALID"
    ? [...error.message.split("\n").map(printable), errorCodes[error.code]]
    : [sentence(error)];

/** What was found, and what to do. */
export function sentence({ code, message }: JobwardenError): string {
  const found = printable(message).replace(/\.$/, "");
  return saysWhatToDo(code, message) ? `${found}.` : `${found}. ${errorCodes[code]}`;
}

/**
 * Messages about usage name the help, and those of the store put the remedy after a semicolon; what
 * SQLite says of a statement may hold a semicolon of the statement's own.
 */
const saysWhatToDo = (code: ErrorCode, message: string): boolean =>
  code === "USAGE" || (code !== "STORE_SQL" && message.includes("; "));

const hint = (debug: boolean): string => (debug ? "" : " (JOBWARDEN_DEBUG=1 shows where)");

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = error.cause === undefined ? "" : `\ncaused by ${stackOf(error.cause)}`;
  return (error.stack ?? "").split("\n").map(printable).join("\n") + cause;
}
