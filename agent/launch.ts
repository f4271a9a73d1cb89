import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { JobwardenError } from "../src/base/errors.ts";
import type { JobCgroup } from "./cgroup.ts";

/**
 * The command line that enters a job's control group and then becomes the command. The kernel tags
 * the shell while it writes its id, so the command is traced from its first instruction.
 */
export const launcher = (group: JobCgroup, command: readonly string[]): [string, string[]] => [
  "/bin/sh",
  ["-c", 'echo $$ >"$0" && exec "$@"', join(group.path, "cgroup.procs"), ...command],
];

/**
 * Says before anything is started that a command cannot be, as a shell would.
 * @throws JobwardenError COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE
 */
export function requireCommand(name: string, path: string): void {
  const places = name.includes("/")
    ? [name]
    : path.split(delimiter).map((place) => join(place, name));
  const found = places.filter(isFile);
  if (found.some(isExecutable)) return;
  const [first] = found;
  if (first) {
    throw new JobwardenError("COMMAND_NOT_EXECUTABLE", `${first} has no permission to be executed`);
  }
  const where = name.includes("/") ? "there is no such file" : "it is in no directory of PATH";
  throw new JobwardenError("COMMAND_NOT_FOUND", `${name}: ${where}`);
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // the caller goes on to the next place, and reports when none is left
  }
}
