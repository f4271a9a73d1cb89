import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { openForReading } from "../store/open.ts";
import { Reader } from "../store/reader.ts";
import { storeError } from "../store/store_error.ts";
import type { Context } from "./context.ts";

/** The database of a state directory; the agent writes it there. */
export const databaseFile = (state_directory: string): string =>
  join(state_directory, "jobwarden.db");

/**
 * Opens the database for as long as `use` runs, which must have read everything when it returns.
 * @throws JobwardenError STORE_MISSING, STORE_UNREADABLE, STORE_NEWER, STORE_CORRUPT, STORE_BUSY
 */
export function withDatabase<T>(
  state: string | undefined,
  context: Context,
  use: (reader: Reader, db: Database) => T,
): T {
  const file = databaseFile(state ?? context.state_directory);
  const db = openForReading(file);
  try {
    return use(new Reader(db), db);
  } catch (error) {
    // Damage may show only when the damaged page is read.
    throw storeError(file, error);
  } finally {
    db.close();
  }
}
