import { lstatSync } from "node:fs";
import type { WrittenFile } from "../src/jobs/edge.ts";

/**
 * Whether the file of that name is now the very one that the earlier job left. An inode's number
 * may be used again, and the events have no generation of it, so three things must hold: the name,
 * the inode, and the time of its last change, which the kernel sets and no program can set back. A
 * file that was made later has a later one, and so has one that was changed since: then nothing is
 * proved, and this says no. A host whose clock is set back breaks the proof.
 */
export function isSameFile({ path, inode, ctime_ns }: WrittenFile): boolean {
  try {
    const now = lstatSync(path, { bigint: true });
    return Number(now.ino) === inode && String(now.ctimeNs) === ctime_ns;
  } catch {
    return false; // it is gone
  }
}
