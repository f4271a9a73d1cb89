import type { TestContext } from "node:test";
import Database, { type Database as Connection } from "better-sqlite3";
import { crossJobEdgeTable } from "../../src/store/cross_job_edges.ts";
import { edgeTable } from "../../src/store/edges.ts";
import { firstTables } from "../../src/store/migrations/0001_first_tables.ts";
import { residueTable } from "../../src/store/residues.ts";
import { writtenFileTable } from "../../src/store/written_files.ts";
import { someTime } from "./sample.ts";

/** A database in memory with the tables of what jobs leave behind, and two jobs, 1 and 2. */
export function leftBehind(t: TestContext): Connection {
  const db = new Database(":memory:");
  t.after(() => db.close());
  db.pragma("foreign_keys = ON");
  firstTables(db);
  for (const table of [edgeTable, residueTable, crossJobEdgeTable, writtenFileTable]) {
    db.exec(table);
  }
  const add = db.prepare(`
    INSERT INTO job (name, kind, command, state, started_us, complete, survivors,
                     host, boot_id, agent_pid, version)
    VALUES ('job', 'runner', '', 'running', ?, 0, 0, '', '', 0, '')
  `);
  add.run(someTime);
  add.run(someTime);
  return db;
}
