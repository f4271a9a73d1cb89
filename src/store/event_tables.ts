import type { Database } from "better-sqlite3";
import { events } from "../events/index.ts";
import type { EventDefinition, FieldKind } from "../events/schema.ts";

/** A column of an event table. */
export interface Column {
  readonly name: string;
  /** Absent for those that every event table has. */
  readonly kind?: FieldKind;
  /** For a choice: the words, by number. */
  readonly words?: readonly string[];
  /** What rows have that were stored before the column was there. */
  readonly before: number;
}

const shared = ["job", "process", "thread_id", "time_us", "flags"];

/** Every definition, as the room walks them: without the types of their fields. */
export const definitions: readonly EventDefinition[] = events;

/** Whether its rows have a count and a last time. */
export const isFolded = (definition: EventDefinition): boolean => definition.fold !== undefined;

/**
 * The columns after `id`, in the order in which the table of this version has them; after an
 * upgrade a new one stands last, so statements name their columns.
 */
export function columnsOf(definition: EventDefinition): readonly Column[] {
  const folded = [
    { name: "count", before: 1 },
    { name: "last_us", before: 0 },
  ];
  return [
    ...shared.map((name) => ({ name, before: 0 })),
    ...(isFolded(definition) ? folded : []),
    ...Object.entries(definition.fields).map(([name, { kind, words }]) => ({
      name,
      kind,
      before: 0,
      ...(words && { words }),
    })),
  ];
}

/** Whether the column holds ids of the table `text`; 0 is the empty text, or no arguments. */
export const isText = ({ kind }: Column): boolean =>
  kind === "text" || kind === "path" || kind === "args" || kind === "endpoint";

/**
 * The table of one event. `id` is unique over all event tables. `process` names a row of `process`,
 * 0 none; it is not declared a foreign key, because its check would cost every event a look-up.
 */
export function eventTableSql(definition: EventDefinition): string {
  const columns = columnsOf(definition).map(declaration);
  const all = ["id INTEGER PRIMARY KEY", ...columns];
  return `CREATE TABLE ${definition.name} (\n  ${all.join(",\n  ")}\n) STRICT`;
}

const declaration = ({ name, before }: Column): string =>
  `${name} INTEGER NOT NULL DEFAULT ${before}`;

/** Names of the columns of each table of the database. */
export function storedColumns(db: Database): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = db
    .prepare<[], { readonly in_table: string; readonly name: string }>(`
      SELECT s.name AS in_table, c.name AS name
        FROM sqlite_schema AS s, pragma_table_info(s.name) AS c
       WHERE s.type = 'table'
       ORDER BY s.name, c.cid
    `)
    .all();
  const columns = new Map<string, Set<string>>();
  for (const { in_table, name } of rows) {
    columns.set(in_table, (columns.get(in_table) ?? new Set()).add(name));
  }
  return columns;
}

/** What the database has of events that this version does not define; undefined when nothing. */
export function unknownToUs(db: Database, definedHere = definitions): string | undefined {
  const stored = storedColumns(db);
  for (const definition of definedHere) {
    const ours = new Set(["id", ...columnsOf(definition).map(({ name }) => name)]);
    for (const name of stored.get(definition.name) ?? []) {
      if (!ours.has(name)) return `the column ${definition.name}.${name}`;
    }
  }
  if (!stored.has("event_kind")) return undefined;
  const kinds = db.prepare<[], string>("SELECT name FROM event_kind ORDER BY id").pluck().all();
  const unknown = kinds.find((kind) => !definedHere.some(({ name }) => name === kind));
  return unknown && `the event ${unknown}`;
}

/** Statements that make the event tables those of this version; none when they are. */
export function eventTableChanges(db: Database, definedHere = definitions): string[] {
  const stored = storedColumns(db);
  return definedHere.flatMap((definition) => {
    const has = stored.get(definition.name);
    if (!has) {
      const { id, name } = definition;
      return [
        eventTableSql(definition),
        `INSERT INTO event_kind (id, name) VALUES (${id}, '${name}')`,
      ];
    }
    return columnsOf(definition)
      .filter(({ name }) => !has.has(name))
      .map((column) => `ALTER TABLE ${definition.name} ADD COLUMN ${declaration(column)}`);
  });
}
