import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { JobwardenError } from "../src/base/errors.ts";

/** Where the C library looks when there is no PATH. */
const usualPath = "/bin:/usr/bin";

/**
 * Says before anything is started that a command cannot be, as a shell would.
 * @throws JobwardenError COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE
 */
export function requireCommand(name: string, path = usualPath): void {
  // Its bytes are not UTF-8, so that Node cannot look; what starts it will say.
  if (name.includes("\ufffd")) return;
  if (name.includes("/")) {
    requireFile(name);
    return;
  }
  const found = path
    .split(delimiter)
    .map((place) => join(place, name))
    .filter((place) => kindOf(place) === "file");
  if (found.some(isExecutable)) return;
  if (found[0]) throw notExecutable(found[0], "has no permission to be executed");
  throw new JobwardenError("COMMAND_NOT_FOUND", `${name}: it is in no directory of PATH`);
}

function requireFile(path: string): void {
  const kind = kindOf(path);
  if (kind === "none") {
    throw new JobwardenError("COMMAND_NOT_FOUND", `${path}: there is no such file`);
  }
  if (kind === "other") throw notExecutable(path, "is not a file");
  if (!isExecutable(path)) throw notExecutable(path, "has no permission to be executed");
}

const notExecutable = (path: string, why: string): JobwardenError =>
  new JobwardenError("COMMAND_NOT_EXECUTABLE", `${path} ${why}`);

function kindOf(path: string): "none" | "file" | "other" {
  try {
    return statSync(path).isFile() ? "file" : "other";
  } catch {
    return "none"; // not there, or a name that cannot be: for a shell that is the same
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // the caller goes on to the next place, and reports when none is left
  }
}
