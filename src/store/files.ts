import { accessSync, closeSync, constants, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { JobwardenError } from "../base/errors.ts";

/**
 * Makes the directory and an empty file where they are not, for the owner only.
 * @throws JobwardenError STATE_UNWRITABLE
 */
export function makeWritable(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite makes two more files beside it, with the same rights.
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    closeSync(openSync(file, "a+", 0o600));
  } catch (error) {
    throw new JobwardenError(
      "STATE_UNWRITABLE",
      `${file} cannot be made or written: ${reasonOf(error)}; choose another place with --state`,
      { cause: error },
    );
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

const magic = "SQLite format 3\0";

/** @throws JobwardenError STORE_CORRUPT: what is there, and is not empty, is no SQLite database */
export function checkHeader(file: string): void {
  if (!statSync(file).isFile()) {
    throw new JobwardenError("STORE_CORRUPT", `${file} is not a file; move it away`);
  }
  if (bytesOf(file) === 0) return;
  const start = Buffer.alloc(magic.length);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (start.equals(Buffer.from(magic))) return;
  throw new JobwardenError(
    "STORE_CORRUPT",
    `${file} starts with ${JSON.stringify(start.toString("latin1"))} and is not a SQLite database; ` +
      "copy it for analysis, then move it away",
  );
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);
