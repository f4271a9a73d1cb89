import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";

/** The first program of this name on a search path; undefined when there is none. */
export function which(name: string, path: string): string | undefined {
  if (name.includes("/")) return name;
  return path
    .split(":")
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // the usual case: it is in another folder
  }
}
