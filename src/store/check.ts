import type { Database } from "better-sqlite3";
import { JobwardenError } from "../base/errors.ts";
import { definitions, unknownToUs } from "./event_tables.ts";

/** "JobW": says in the file's header whose database it is. */
export const applicationId = 0x4a6f6257;

/**
 * Whether it is ours and not newer. Reads the header and the schema only.
 *
 * @param newest the version that this program makes
 * @throws JobwardenError STORE_NEWER, STORE_CORRUPT
 */
export function checkVersion(db: Database, file: string, newest: number): void {
  const id = db.pragma("application_id", { simple: true });
  const version = Number(db.pragma("user_version", { simple: true }));
  if (id === 0 && version === 0 && isEmpty(db)) return;
  if (id !== applicationId) {
    throw new JobwardenError(
      "STORE_CORRUPT",
      `${file} is a SQLite database of another program (application id ${id}); ` +
        "move it away, or choose another place with --state",
    );
  }
  if (version > newest) throw newer(file, `its version is ${version}, this one knows ${newest}`);
}

/** @throws JobwardenError STORE_NEWER: its events have more than this version defines */
export function checkSchema(db: Database, file: string): void {
  const unknown = unknownToUs(db);
  if (unknown) throw newer(file, `it has ${unknown}, which this one does not know`);
}

/**
 * Walks down the right edge of each table, where the next rows go, so that SQLite looks at those
 * pages; together with the header, the file's size and the schema this takes well below a
 * millisecond at any size. Damage elsewhere is not looked for (`PRAGMA integrity_check` reads the
 * whole file); it shows as STORE_CORRUPT when it is met.
 */
export function checkTables(db: Database): void {
  const tables = ["text", "job", "process", "finding", ...definitions.map(({ name }) => name)];
  const edges = tables.map((table) => `SELECT max(id) AS edge FROM ${table}`);
  db.prepare(`${edges.join(" UNION ALL ")} ORDER BY edge`).all();
}

const isEmpty = (db: Database): boolean =>
  db.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() === 0;

const newer = (file: string, found: string): JobwardenError =>
  new JobwardenError(
    "STORE_NEWER",
    `${file} was written by a newer jobwarden: ${found}; it was left as it is, upgrade to use it`,
  );
