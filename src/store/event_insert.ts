import type { Database, Statement } from "better-sqlite3";
import type { JobEvent } from "../events/index.ts";
import type { EventDefinition } from "../events/schema.ts";
import { type Column, columnsOf, isFolded } from "./event_tables.ts";
import type { Texts } from "./text.ts";

type Value = number;
type Encode = (value: never) => Value;

/**
 * Adds events to the table of one kind. Rows are kept back and inserted many at a time, because a
 * call into SQLite costs as much as the row itself; `flush` inserts the rest. Nothing is allocated
 * for an event: its values go into one array that is used again.
 */
export class EventInsert {
  readonly #names: readonly string[];
  readonly #encoders: readonly (Encode | undefined)[];
  readonly #folded: boolean;
  readonly #width: number;
  readonly #many: Statement<[Value[]]>;
  readonly #one: Statement<[Value[]]>;
  readonly #values: Value[];
  #used = 0;

  constructor(db: Database, definition: EventDefinition, texts: Texts) {
    const columns = columnsOf(definition);
    const fields = columns.filter(({ kind }) => kind !== undefined);
    this.#names = fields.map(({ name }) => name);
    this.#encoders = fields.map((column) => encoder(column, texts));
    this.#folded = isFolded(definition);
    this.#width = columns.length + 1;
    this.#one = db.prepare<[Value[]]>(insertSql(definition.name, columns, 1));
    this.#many = db.prepare<[Value[]]>(insertSql(definition.name, columns, rowsAtOnce));
    this.#values = new Array<Value>(this.#width * rowsAtOnce).fill(0);
  }

  add(id: number, event: JobEvent, job: number, process: number): void {
    const values = this.#values;
    let at = this.#used;
    values[at++] = id;
    values[at++] = job;
    values[at++] = process;
    values[at++] = event.thread_id;
    values[at++] = event.time_us;
    values[at++] = event.flags;
    if (this.#folded) {
      values[at++] = 1;
      values[at++] = event.time_us;
    }
    const names = this.#names;
    const fields = event as unknown as Readonly<Record<string, never>>; // its own definition's names
    for (let i = 0; i < names.length; i++) {
      const encode = this.#encoders[i];
      const value = fields[names[i]!]!; // i is below its length
      values[at++] = encode === undefined ? value : encode(value);
    }
    this.#used = at;
    if (at === values.length) this.#insertAll();
  }

  /** Inserts what was kept back. */
  flush(): void {
    const used = this.#used;
    this.#used = 0;
    for (let at = 0; at < used; at += this.#width) {
      this.#one.run(this.#values.slice(at, at + this.#width));
    }
  }

  /** Forgets what was kept back: the transaction was rolled back. */
  drop(): void {
    this.#used = 0;
  }

  #insertAll(): void {
    this.#used = 0;
    this.#many.run(this.#values);
  }
}

/** More gain nothing that can be measured; fewer do. */
const rowsAtOnce = 16;

function insertSql(table: string, columns: readonly Column[], rows: number): string {
  const names = ["id", ...columns.map(({ name }) => name)];
  const row = `(${names.map(() => "?").join(", ")})`;
  const all = new Array<string>(rows).fill(row);
  return `INSERT INTO ${table} (${names.join(", ")}) VALUES ${all.join(", ")}`;
}

/** How a field's value becomes its column's; undefined when it already is. */
function encoder({ kind, words }: Column, texts: Texts): Encode | undefined {
  if (kind === "u64") return (value: number) => (value > largestStored ? largestStored : value);
  if (kind === "args") return (value: readonly string[]) => texts.idOfArgs(value);
  if (kind === "text" || kind === "path" || kind === "endpoint") {
    return (value: string) => texts.idOf(value);
  }
  if (kind !== "choice") return undefined;
  const numbers = new Map(words?.map((word, number) => [word, number]));
  return (value: string) => numbers.get(value) ?? 0;
}

/**
 * The largest number that is exact both here and in SQLite's signed 64 bits. A file system of the
 * job's own may claim any inode number; a larger one would fail the whole batch.
 */
const largestStored = 2 ** 63 - 1024;
