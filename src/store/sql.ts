import type { Database, Statement } from "better-sqlite3";
import { JobwardenError } from "../base/errors.ts";
import { pathOf, storeError } from "./store_error.ts";

/** A bigint only where a number would not be exact. */
export type SqlValue = string | number | bigint | Uint8Array | null;

export interface SqlResult {
  /** Names as the statement gives them; the same name may come twice. */
  readonly columns: readonly string[];
  /** Can be read once, and must be read to its end, or `return`ed, before the next statement. */
  readonly rows: Generator<readonly SqlValue[]>;
}

/**
 * Runs one statement that a person wrote, and nothing that changes anything.
 *
 * @param db from `openForReading`: a second lock behind the ones here
 * @throws JobwardenError STORE_SQL; `rows` may throw it as well
 */
export function readSql(db: Database, sql: string): SqlResult {
  const statement = prepared(db, sql);
  if (/^pragma\b/i.test(withoutComments(sql))) {
    throw refused("PRAGMA is not allowed; SELECT … FROM pragma_table_info('job') and the like are");
  }
  // Some statements that return nothing count as read-only: ATTACH, BEGIN.
  if (!statement.readonly || !statement.reader) {
    throw refused("only statements that read and give rows are allowed, such as SELECT");
  }
  const columns = statement.columns().map(({ name }) => name);
  return { columns, rows: rowsOf(db, statement) };
}

function prepared(db: Database, sql: string): Statement<[], SqlValue[]> {
  try {
    return db.prepare<[], SqlValue[]>(sql).safeIntegers();
  } catch (error) {
    throw refused(reasonOf(error), error);
  }
}

function* rowsOf(
  db: Database,
  statement: Statement<[], SqlValue[]>,
): Generator<readonly SqlValue[]> {
  try {
    for (const row of statement.raw().iterate()) yield row.map(narrowed);
  } catch (error) {
    const meaning = storeError(pathOf(db), error);
    throw meaning instanceof JobwardenError ? meaning : refused(reasonOf(error), error);
  }
}

function narrowed(value: SqlValue): SqlValue {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const refused = (why: string, cause?: unknown): JobwardenError =>
  new JobwardenError("STORE_SQL", why, { cause });

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

/** What SQLite skips before the first word. */
function withoutComments(sql: string): string {
  let rest = sql;
  for (;;) {
    const next = rest.replace(/^[\s;\ufeff]+/, "");
    const comment = next.startsWith("--") ? "\n" : next.startsWith("/*") ? "*/" : undefined;
    if (comment === undefined) return next;
    const end = next.indexOf(comment, 2);
    if (end < 0) return "";
    rest = next.slice(end + comment.length);
  }
}
