import assert from "node:assert/strict";
import { test } from "node:test";
import { openForReading } from "../../src/store/open.ts";
import { readSql } from "../../src/store/sql.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, hostile, store, withCode } from "./sample.ts";

test("rows come as SQLite has them, with exact numbers", (t) => {
  const { path } = store(t);
  const db = openForReading(path);
  t.after(() => db.close());

  const { columns, rows } = readSql(
    db,
    "SELECT 1 AS a, 2.5 AS a, 9007199254740993 AS c, NULL AS d, 'é' AS e, x'00ff' AS f;",
  );

  assert.deepEqual(columns, ["a", "a", "c", "d", "e", "f"]);
  assert.deepEqual([...rows], [[1, 2.5, 9_007_199_254_740_993n, null, "é", Buffer.from([0, 255])]]);
});

test("tables, views and table-valued pragmas are read, after a comment too", (t) => {
  const { db: writing, path } = store(t);
  new Writer(writing).startJob({ ...aJob, name: hostile });
  const db = openForReading(path);
  t.after(() => db.close());
  const first = (sql: string) => [...readSql(db, sql).rows][0]?.[0];

  assert.equal(first("SELECT name FROM job_view"), hostile);
  assert.equal(first("/* a */ -- b\n WITH x AS (SELECT 3) SELECT * FROM x"), 3);
  assert.equal(first("SELECT name FROM pragma_table_info('job')"), "id");
  assert.equal(first("EXPLAIN QUERY PLAN SELECT * FROM job"), 2);
});

const refused: Readonly<Record<string, RegExp>> = {
  "DELETE FROM job": /only statements that read/,
  "DELETE FROM job RETURNING id": /only statements that read/,
  "INSERT INTO sequence VALUES ('x', 1)": /only statements that read/,
  "CREATE TEMP TABLE x (a)": /only statements that read/,
  "ATTACH '/tmp/x.db' AS x": /only statements that read/,
  "VACUUM INTO '/tmp/x.db'": /only statements that read/,
  BEGIN: /only statements that read/,
  "PRAGMA user_version": /PRAGMA is not allowed/,
  "/* a */ -- b\n;pragma query_only = 0": /PRAGMA is not allowed/,
  "SELECT 1; DELETE FROM job": /more than one statement/,
  "": /no statement/,
  "-- nothing": /no statement/,
  "SELEC 1": /near "SELEC": syntax error/,
  "SELECT * FROM nowhere": /no such table: nowhere/,
  "SELECT ?": /[Tt]oo few parameter values/,
  "SELECT load_extension('/tmp/x.so')": /not authorized|no such function/,
  "SELECT json('{')": /malformed JSON/,
};
for (const [sql, message] of Object.entries(refused)) {
  test(`refused, with the reason: ${JSON.stringify(sql)}`, (t) => {
    const { path } = store(t);
    const db = openForReading(path);
    t.after(() => db.close());

    assert.throws(() => [...readSql(db, sql).rows], withCode("STORE_SQL", message));
  });
}

test("rows are read one by one, and the rest may be left", (t) => {
  const { path } = store(t);
  const db = openForReading(path);
  t.after(() => db.close());
  const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";

  const { rows } = readSql(db, endless);
  const three = [rows.next().value, rows.next().value, rows.next().value];
  rows.return(undefined);

  assert.deepEqual(three, [[1], [2], [3]]);
  assert.deepEqual([...readSql(db, "SELECT 4").rows], [[4]]);
});
