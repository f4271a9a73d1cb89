import { statSync } from "node:fs";
import { dirname } from "node:path";

/** Bits that let others than the owner write. */
const othersWrite = 0o022;

/** Whether only root can change a program: the file, and every directory that leads to it. */
export function isRootOwned(path: string): boolean {
  if (!path.startsWith("/")) return false;
  for (let at = path; ; at = dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false });
    if (found?.uid !== 0 || (found.mode & othersWrite) !== 0) return false;
    if (at === "/") return true;
  }
}
