import Database, { type Database as Connection } from "better-sqlite3";
import { type ErrorCode, JobwardenError } from "../base/errors.ts";

/** SQLite's result codes, by how they start, and what they are for our reader. */
const meanings: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, "STORE_BUSY", "stop the other process that uses it, or try again"],
  [/^SQLITE_(CORRUPT|NOTADB)/, "STORE_CORRUPT", "copy it for analysis, then move it away"],
  [
    /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|PERM|NOLFS)/,
    "STATE_UNWRITABLE",
    "make room or give the right to write there, or choose another place with --state",
  ],
];

/** Of connections to a file; one that was read into memory has no name of its own. */
const paths = new WeakMap<Connection, string>();

export function rememberPath(db: Connection, path: string): void {
  paths.set(db, path);
}

/** The path that a connection was opened with. */
export const pathOf = (db: Connection): string => paths.get(db) ?? db.name;

/**
 * What an error of SQLite means to the person whose database it is. An error that is none of the
 * world's but ours (a constraint, a statement that does not fit the schema) comes back as it is.
 */
export function storeError(path: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const meaning = meanings.find(([pattern]) => pattern.test(error.code));
  if (!meaning) return error;
  const [, code, remedy] = meaning;
  const found = `${path}: ${error.message} (${error.code})`;
  return new JobwardenError(code, `${found}; ${remedy}`, { cause: error });
}
