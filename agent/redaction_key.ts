import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JobwardenError } from "../src/base/errors.ts";

const keyBytes = 32;

/**
 * The key under which secrets are recognised again after they were redacted. It lies beside the
 * database, not in it, so that who is given the database cannot try out guesses.
 * @throws JobwardenError STATE_UNWRITABLE
 */
export function redactionKey(state_directory: string): Buffer {
  const path = join(state_directory, "redaction.key");
  try {
    mkdirSync(state_directory, { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(keyBytes), { flag: "wx", mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, cause);
  }
  try {
    const key = readFileSync(path);
    if (key.length === keyBytes) return key;
    throw new Error(`it has ${key.length} bytes, not ${keyBytes}`);
  } catch (cause) {
    throw unusable(path, cause);
  }
}

const unusable = (path: string, cause: unknown): JobwardenError =>
  new JobwardenError("STATE_UNWRITABLE", `${path} cannot be used: ${cause}`, { cause });
