import { readFileSync } from "node:fs";

/** What installer/jobwarden found, and Node or the shell change before anybody can look. */
const inheritedName = "JOBWARDEN_INHERITED";

/**
 * What native/launch/launch.cc reads: the command and its environment as the bytes that this process
 * was given. Node's own copies are no longer those where they are not UTF-8.
 */
export function startMessage(command: readonly string[]): Buffer {
  const given = inherited(process.env[inheritedName] ?? "");
  const args = argumentsAsGiven(command);
  const variables = [...environmentAsGiven(), ...given.variables];
  const numbers = [args.length, variables.length, given.open_files, given.ignored_signals];
  const start = Buffer.alloc(numbers.length * 8);
  for (const [i, number] of numbers.entries()) start.writeBigUInt64LE(BigInt(number), i * 8);
  return Buffer.concat([start, ...[...args, ...variables].flatMap((text) => [text, nul])]);
}

const nul = Buffer.alloc(1);

/** The command is the end of our own command line. */
function argumentsAsGiven(command: readonly string[]): Buffer[] {
  const given = texts(readFileSync("/proc/self/cmdline")).slice(-command.length);
  const isOurs =
    given.length === command.length && command.every((arg, i) => arg === `${given[i]}`);
  return isOurs ? given : command.map((arg) => Buffer.from(arg));
}

const environmentAsGiven = (): Buffer[] =>
  texts(readFileSync("/proc/self/environ")).filter(
    (variable) => !variable.toString("latin1").startsWith(`${inheritedName}=`),
  );

/**
 * @param text soft limit of open files, mask of ignored signals in hexadecimal, and in base64 the
 *   variables whose names a shell cannot hold; empty when not started by installer/jobwarden
 */
function inherited(text: string) {
  const [open_files = "", signals = "", variables = ""] = text.split(" ");
  return {
    open_files: /^\d+$/.test(open_files) ? open_files : "0", // "unlimited" is what it then is
    ignored_signals: /^[0-9a-f]+$/.test(signals) ? `0x${signals}` : "0",
    variables: texts(Buffer.from(variables, "base64")),
  };
}

/** Texts that each end with a NUL. */
function texts(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    found.push(bytes.subarray(at, end < 0 ? bytes.length : end));
    if (end < 0) break;
    at = end + 1;
  }
  return found;
}
