import { readSql, type SqlValue } from "../../store/sql.ts";
import { defineCommand, jsonOption, stateOption } from "../command.ts";
import { withDatabase } from "../database.ts";
import { mapped } from "../iterables.ts";
import { printJson, printLines } from "../print.ts";
import { type Row, tableLines } from "../table.ts";

export const sql = defineCommand({
  name: "sql",
  summary: "Ask the database, in SQL; it is opened read-only.",
  notes: [
    "Views for people: job_view, process_view, finding_view, timeline_view, and for each kind of " +
      "event one such as process_exec_view. SELECT name FROM sqlite_schema lists all.",
  ],
  positionals: [{ name: "'SELECT …'", help: "one statement" }],
  options: { state: stateOption, json: jsonOption },
  examples: [
    {
      line: "jobwarden sql 'SELECT path, count(*) FROM process_view GROUP BY path ORDER BY 2 DESC'",
      does: "Which programs run, and how often.",
    },
    {
      line: "jobwarden sql 'SELECT time, pid, what FROM timeline_view WHERE job = 7' --json",
      does: "All that job 7 did, for a program.",
    },
  ],

  run({ state, json }, [statement = ""], context) {
    const { out } = context;
    withDatabase(state, context, (_reader, db) => {
      const { columns, rows } = readSql(db, statement);
      if (json) {
        const names = uniqueNames(columns);
        return printJson(
          out,
          mapped(rows, (row) => record(names, row)),
        );
      }
      const titles = columns.map((title) => ({ title }));
      printLines(out, tableLines(titles, mapped(rows, rowOf), out));
    });
    return 0;
  },
});

const rowOf = (row: readonly SqlValue[]): Row =>
  row.map((value) => (value === null ? { text: "NULL", style: "dim" } : text(value)));

/** Bytes as SQLite writes them. */
const text = (value: Exclude<SqlValue, null>): string =>
  value instanceof Uint8Array ? `x'${Buffer.from(value).toString("hex")}'` : String(value);

const record = (names: readonly string[], row: readonly SqlValue[]) =>
  Object.fromEntries(
    names.map((name, at) => {
      const value = row[at] ?? null;
      return [name, value instanceof Uint8Array ? text(value) : value];
    }),
  );

/** An object has each name once: the second `a` becomes `a_2`. */
function uniqueNames(columns: readonly string[]): string[] {
  const used = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let copy = 2; used.has(name); copy++) name = `${column}_${copy}`;
    used.add(name);
    return name;
  });
}
