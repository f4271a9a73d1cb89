import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { JobwardenError } from "../base/errors.ts";

/**
 * The absolute path of a database.
 * @throws JobwardenError USAGE: better-sqlite3 takes blanks off a path's end, and would open another
 */
export function fileOf(path: string): string {
  const file = resolve(path);
  if (file === file.trimEnd()) return file;
  throw new JobwardenError("USAGE", `a database's path cannot end with a blank: "${file}"`);
}

/**
 * Makes the directory and an empty file where they are not, for the owner only.
 *
 * A file that is there is not opened, here and below: to close it would take away the locks that
 * SQLite has on it in another thread of this process (sqlite.org/howtocorrupt.html §2.2).
 *
 * @throws JobwardenError STATE_UNWRITABLE
 */
export function makeWritable(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite makes two more files beside it, with the same rights.
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    if (!existsSync(file)) makeEmpty(file);
    accessSync(file, constants.R_OK | constants.W_OK);
    checkIsFile(file);
  } catch (error) {
    if (error instanceof JobwardenError) throw error;
    throw new JobwardenError(
      "STATE_UNWRITABLE",
      `${file} cannot be made or written: ${reasonOf(error)}; choose another place with --state`,
      { cause: error },
    );
  }
}

function makeEmpty(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    // Another process was faster, which is as good.
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

/** @throws JobwardenError STORE_MISSING, STORE_UNREADABLE */
export function checkReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw missing(file, "is not there");
    throw new JobwardenError(
      "STORE_UNREADABLE",
      `${file} cannot be read: ${reasonOf(error)}; read it as its owner, for example with sudo`,
      { cause: error },
    );
  }
  checkIsFile(file);
  if (bytesOf(file) === 0) throw missing(file, "is empty");
}

const missing = (file: string, found: string): JobwardenError =>
  new JobwardenError(
    "STORE_MISSING",
    `${file} ${found}; \`jobwarden run\` makes it, --state says where to look`,
  );

/** Size of a file; 0 when there is none. */
export const bytesOf = (file: string): number =>
  statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function checkIsFile(file: string): void {
  if (statSync(file).isFile()) return;
  throw new JobwardenError("STORE_CORRUPT", `${file} is not a file; move it away`);
}

/** The first bytes of what is no database, to show them. */
export function startOf(file: string): string {
  const start = Buffer.alloc(shownBytes);
  const descriptor = openSync(file, "r");
  try {
    const length = readSync(descriptor, start, 0, shownBytes, 0);
    return JSON.stringify(start.toString("latin1", 0, length));
  } finally {
    closeSync(descriptor);
  }
}
const shownBytes = 16;

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);
