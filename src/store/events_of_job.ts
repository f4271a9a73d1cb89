import type { Database, Statement } from "better-sqlite3";
import { BoundedMap } from "../base/bounded_map.ts";
import type { EventName, JobEvent } from "../events/index.ts";
import type { EventDefinition } from "../events/schema.ts";
import { type Column, columnsOf, definitions, isText, storedColumns } from "./event_tables.ts";
import type { Job } from "./jobs.ts";
import type { TextValues } from "./text.ts";

export interface EventFilter {
  /** Default: all. */
  readonly kinds?: readonly EventName[];
  /** Only of processes with this process id. */
  readonly pid?: number;
  /** Only at or after this time, in Unix microseconds. */
  readonly since_us?: number;
}

/** An event as it is stored. */
export interface StoredEvent {
  /** Unique over all kinds; in the order in which events were processed. */
  readonly id: number;
  /** Row of the process that did it; 0 when it is not known. */
  readonly process: number;
  /** Its process id; 0 when it is not known. */
  readonly pid: number;
  /** Events folded into this one; 1 when it stands for itself. */
  readonly count: number;
  /** Time of the last of them, in Unix microseconds. */
  readonly last_us: number;
  /**
   * As it was decoded, except its `size`, which is 0, and its `job`, which is the id in the
   * database. A number beyond 2^63 - 1024 comes back as that.
   */
  readonly event: JobEvent;
}

type Row = readonly number[];
interface Kind {
  readonly definition: EventDefinition;
  readonly columns: readonly Column[];
  readonly select: Statement<[number, number, number], Row>;
}
interface Actor {
  readonly process_key: number;
  readonly pid: number;
}

/**
 * Reads the events of one job, over all tables, in the order of their ids. It goes through the ids
 * a window at a time: memory stays the same however many there are, and no read transaction stays
 * open between two windows, which would keep a writer's log from being cut.
 */
export class EventsOfJob {
  readonly #texts: TextValues;
  readonly #kinds: readonly Kind[];
  readonly #actor: Statement<[number], Actor>;
  readonly #actors = new BoundedMap<number, Actor>(4096);

  constructor(db: Database, texts: TextValues) {
    this.#texts = texts;
    const stored = storedColumns(db);
    this.#kinds = definitions.flatMap((definition) => {
      const has = stored.get(definition.name);
      return has ? [kindOf(db, definition, has)] : [];
    });
    this.#actor = db.prepare("SELECT process_key, pid FROM process WHERE id = ?");
  }

  *read(job: Job, { kinds, pid, since_us = 0 }: EventFilter = {}): Generator<StoredEvent> {
    const { first_event, last_event } = job;
    if (first_event === null || last_event === null) return;
    const wanted = this.#kinds.filter(
      ({ definition }) => !kinds || kinds.some((kind) => kind === definition.name),
    );
    for (let from = first_event; from <= last_event; from += windowIds) {
      const to = Math.min(from + windowIds - 1, last_event);
      for (const [kind, row] of window(wanted, job.id, from, to)) {
        if (row[at.time_us]! < since_us) continue;
        const actor = this.#actorOf(row[at.process]!);
        if (pid === undefined || actor.pid === pid) yield this.#decode(job.id, kind, row, actor);
      }
    }
  }

  #actorOf(process: number): Actor {
    const known = this.#actors.get(process);
    if (known) return known;
    const actor = this.#actor.get(process) ?? nobody;
    this.#actors.set(process, actor);
    return actor;
  }

  #decode(job: number, { definition, columns }: Kind, row: Row, actor: Actor): StoredEvent {
    const time_us = row[at.time_us]!; // every select has the columns that `at` names
    const event: Record<string, unknown> = {
      event: definition.name,
      event_id: definition.id,
      flags: row[at.flags],
      size: 0,
      time_us,
      process_key: actor.process_key,
      job,
      thread_id: row[at.thread_id],
    };
    columns.forEach((column, i) => {
      event[column.name] = this.#value(column, row[at.fields + i]!);
    });
    return {
      id: row[at.id]!,
      process: row[at.process]!,
      pid: actor.pid,
      count: row[at.count]!,
      last_us: Math.max(row[at.last_us]!, time_us),
      event: event as unknown as JobEvent, // its columns are the definition's fields
    };
  }

  #value(column: Column, stored: number): unknown {
    if (column.kind === "args") return this.#texts.argsOf(stored);
    if (isText(column)) return this.#texts.valueOf(stored);
    return column.words ? (column.words[stored] ?? column.words[0]) : stored;
  }
}

/** Rows of numbers only: texts are looked up one event at a time, since one may have 128 KiB. */
const windowIds = 2048;
const nobody: Actor = { process_key: 0, pid: 0 };

/** Where a selected row has what. */
const at = {
  id: 0,
  process: 1,
  thread_id: 2,
  time_us: 3,
  flags: 4,
  count: 5,
  last_us: 6,
  fields: 7,
} as const;

function kindOf(db: Database, definition: EventDefinition, has: ReadonlySet<string>): Kind {
  const all = columnsOf(definition);
  // A database that nobody has opened for writing since an upgrade lacks the newest columns.
  const stored = ({ name, before }: Column) => (has.has(name) ? name : `${before} AS ${name}`);
  const folded = (name: string, before: number) => {
    const column = all.find((column) => column.name === name);
    return column ? stored(column) : `${before} AS ${name}`;
  };
  const columns = all.filter(({ kind }) => kind !== undefined);
  const select = db
    .prepare<[number, number, number], Row>(`
      SELECT id, process, thread_id, time_us, flags, ${folded("count", 1)}, ${folded("last_us", 0)},
             ${columns.map(stored).join(", ")}
        FROM ${definition.name}
       WHERE id BETWEEN ? AND ? AND job = ?
       ORDER BY id
    `)
    .raw();
  return { definition, columns, select };
}

function window(kinds: readonly Kind[], job: number, from: number, to: number): [Kind, Row][] {
  const rows: [Kind, Row][] = [];
  for (const kind of kinds) {
    for (const row of kind.select.all(from, to, job)) rows.push([kind, row]);
  }
  return rows.sort(([, a], [, b]) => a[at.id]! - b[at.id]!);
}
