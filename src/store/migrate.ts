import type { Database } from "better-sqlite3";
import { applicationId } from "./check.ts";
import { definitions, eventTableChanges } from "./event_tables.ts";
import { staleViews, views } from "./views.ts";

/** Changes the tables from one version to the next. Runs in a transaction. */
export type Migration = (db: Database) => void;

/** Runs those migrations that the database has not seen, each in a transaction of its own. */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  const step = db.transaction(() => {
    // Read again within the transaction: another process may have been faster.
    const version = versionOf(db);
    const migration = migrations[version];
    if (!migration) return;
    migration(db);
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${version + 1}`);
  });
  while (versionOf(db) < migrations.length) step.immediate();
}

/**
 * Makes event tables and views those of this version's definitions. The schema only grows: a new
 * event is a new table, a new field a new column, zero in the rows before it.
 */
export function makeCurrent(db: Database, definedHere = definitions): void {
  const wanted = views(definedHere);
  const isCurrent = () =>
    eventTableChanges(db, definedHere).length === 0 && staleViews(db, wanted).length === 0;
  if (isCurrent()) return;
  const change = db.transaction(() => {
    const stale = staleViews(db, wanted);
    for (const { name } of stale) db.exec(`DROP VIEW IF EXISTS ${name}`);
    for (const statement of eventTableChanges(db, definedHere)) db.exec(statement);
    for (const { sql } of stale) db.exec(sql);
  });
  change.immediate();
}

const versionOf = (db: Database): number => Number(db.pragma("user_version", { simple: true }));
