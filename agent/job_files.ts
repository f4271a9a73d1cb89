import { readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ActionManifest, parseActionManifest } from "../src/jobs/action_manifest.ts";
import { readSmallFile } from "./small_file.ts";

/**
 * What the runner has written about a job: files that a job may have changed since, or replaced by
 * anything. They are read as root, early, and are hints.
 */
const mostLogBytes = 16 << 20;
const mostFileBytes = 1 << 20;
const spareBytes = 1 << 16;

/** The text of a file; undefined when it is not there, too large or no file. */
export function hostileText(path: string, most_bytes = mostFileBytes): string | undefined {
  try {
    return readSmallFile(path, { most_bytes, follow: false }).bytes.toString("utf8");
  } catch {
    return undefined; // the caller goes on without it, and knows less
  }
}

/**
 * The log that a Worker writes now: what it has open, not what lies where its log would be.
 * @returns undefined while it has none
 */
export function workerLog(pid: number): string | undefined {
  const folder = `/proc/${pid}/fd`;
  try {
    for (const fd of readdirSync(folder)) {
      if (!isLog(readlinkSync(join(folder, fd)))) continue;
      const path = join(folder, fd);
      // It grows meanwhile; what does not fit is read the next time.
      const most_bytes = Math.min(statSync(path).size + spareBytes, mostLogBytes);
      return readSmallFile(path, { most_bytes, follow: true }).bytes.toString("utf8");
    }
  } catch {
    return undefined; // it has ended, or closes a file just now
  }
  return undefined;
}

const isLog = (path: string): boolean => /\/_diag\/Worker_[0-9-]+-utc(_\d+)?\.log$/.test(path);

/** Manifests of actions as they were when first asked for. */
export class Manifests {
  readonly #read = new Map<string, ActionManifest | undefined>();

  of(directory: string): ActionManifest | undefined {
    if (this.#read.has(directory)) return this.#read.get(directory);
    const text =
      hostileText(join(directory, "action.yml")) ?? hostileText(join(directory, "action.yaml"));
    const manifest = text === undefined ? undefined : parseActionManifest(text);
    // One that is not there yet may come: a local action is there only after a checkout.
    if (manifest && this.#read.size < mostManifests) this.#read.set(directory, manifest);
    return manifest;
  }
}

const mostManifests = 1000;
