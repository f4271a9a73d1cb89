import type { Database } from "better-sqlite3";
import { severities } from "../engine/severity.ts";
import { type EventDefinition, recordFlags } from "../events/schema.ts";
import { type Column, columnsOf, isFolded, isText } from "./event_tables.ts";

export interface View {
  readonly name: string;
  readonly sql: string;
}

/**
 * The tables as people read them: words for numbers, text for ids, ISO time. They are made anew
 * whenever a version writes them differently, so nothing depends on their columns.
 *
 * Only functions that the sqlite3 of Debian 12 (3.40) has.
 */
export function views(definitions: readonly EventDefinition[]): readonly View[] {
  return [
    ...definitions.map((definition) => view(`${definition.name}_view`, eventView(definition))),
    view("timeline_view", definitions.map(timelinePart).join("\nUNION ALL\n")),
    view("job_view", jobView),
    view("process_view", processView),
    view("finding_view", findingView),
  ];
}

const view = (name: string, select: string): View => ({
  name,
  sql: `CREATE VIEW ${name} AS\n${select}`,
});

/** Those that the database has not, or not so. */
export function staleViews(db: Database, wanted: readonly View[]): readonly View[] {
  const rows = db
    .prepare<[], View>("SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name")
    .all();
  const stored = new Map(rows.map(({ name, sql }) => [name, sql]));
  return wanted.filter(({ name, sql }) => stored.get(name) !== sql);
}

const isoTime = (us: string): string =>
  `strftime('%Y-%m-%dT%H:%M:%S', ${us} / 1000000, 'unixepoch') || printf('.%06dZ', ${us} % 1000000)`;

const textOf = (id: string): string => `(SELECT value FROM text WHERE id = ${id})`;

const wordsOf = (value: string, words: readonly string[]): string =>
  `CASE ${value} ${words.map((word, i) => `WHEN ${i} THEN '${word}'`).join(" ")} ELSE '' || ${value} END`;

/** ` cut nameless`: the words of the bits that are set. */
const flagWords = `trim(${Object.entries(recordFlags)
  .map(([name, bit]) => `iif(e.flags & ${bit}, '${name} ', '')`)
  .join(" || ")})`;

/** Joined by the job's range of ids, so that the events of one job are found without an index. */
const fromEvents = (name: string): string => `
  FROM job AS j
  JOIN ${name} AS e ON e.id BETWEEN j.first_event AND j.last_event AND e.job = j.id
  LEFT JOIN process AS p ON p.id = e.process`;

function eventView(definition: EventDefinition): string {
  const folded = [`e.count`, `${isoTime("max(e.last_us, e.time_us)")} AS last_time`];
  const columns = [
    "e.id",
    "j.id AS job",
    `${isoTime("e.time_us")} AS time`,
    "p.pid AS process_pid",
    `${textOf("p.path")} AS process_path`,
    "e.thread_id",
    `${flagWords} AS flags`,
    ...(isFolded(definition) ? folded : []),
    ...fieldsOf(definition).map((column) => `${shown(column)} AS ${column.name}`),
  ];
  return `SELECT ${columns.join(",\n       ")}${fromEvents(definition.name)}`;
}

const fieldsOf = (definition: EventDefinition): readonly Column[] =>
  columnsOf(definition).filter(({ kind }) => kind !== undefined);

function shown(column: Column): string {
  const value = `e.${column.name}`;
  if (isText(column)) return textOf(value);
  return column.words ? wordsOf(value, column.words) : value;
}

function timelinePart(definition: EventDefinition): string {
  return `SELECT e.id, j.id AS job, ${isoTime("e.time_us")} AS time, e.time_us,
       '${definition.name}' AS kind, p.pid AS pid, ${textOf("p.path")} AS program,
       ${isFolded(definition) ? "e.count" : "1"} AS count, ${what(definition)} AS what
${fromEvents(definition.name)}`;
}

/** One line: the arguments, or else the texts, or else every field with its name. */
function what(definition: EventDefinition): string {
  const fields = fieldsOf(definition);
  const args = fields.filter(({ kind }) => kind === "args");
  const texts = args.length > 0 ? args : fields.filter(isText);
  if (texts.length > 0) return `trim(${texts.map(shown).join(" || ' ' || ")})`;
  return fields.map((column) => `'${column.name}=' || ${shown(column)}`).join(" || ' ' || ");
}

const jobView = `SELECT j.id, j.name, j.kind, j.command, j.state,
       ${isoTime("j.started_us")} AS started,
       ${isoTime("j.ended_us")} AS ended,
       (j.ended_us - j.started_us) / 1e6 AS duration_s,
       j.exit_code, j.signal, iif(j.complete, 'yes', 'no') AS complete,
       (SELECT coalesce(sum(lost), 0) FROM loss WHERE job = j.id) AS lost,
       (SELECT count(*) FROM process WHERE job = j.id) AS processes,
       (SELECT coalesce(sum(happened), 0) FROM event_count WHERE job = j.id) AS events,
       (SELECT count(*) FROM finding WHERE job = j.id) AS findings,
       j.survivors, j.host, j.version
  FROM job AS j`;

const processView = `SELECT p.id, p.job, p.pid, parent.pid AS parent_pid,
       ${textOf("p.path")} AS path, ${textOf("p.args")} AS args, ${textOf("p.cwd")} AS cwd,
       ${isoTime("p.started_us")} AS started,
       ${isoTime("p.ended_us")} AS ended,
       (p.ended_us - p.started_us) / 1e6 AS duration_s,
       p.exit_code, p.exit_signal, p.uid, p.execs
  FROM process AS p LEFT JOIN process AS parent ON parent.id = p.parent`;

const findingView = `SELECT f.id, f.job, ${isoTime("f.first_us")} AS time,
       ${wordsOf("f.severity", severities)} AS severity, f.signature, f.title, f.message, f.count,
       ${isoTime("f.last_us")} AS last_time,
       json_extract(f.process, '$.pid') AS pid, json_extract(f.process, '$.path') AS program,
       json_extract(f.process, '$.args') AS args, f.evidence, f.behaviours, f.step, f.event,
       f.event_id
  FROM finding AS f`;
