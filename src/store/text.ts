import { hash } from "node:crypto";
import type { Database, Statement } from "better-sqlite3";
import { BoundedMap } from "../base/bounded_map.ts";

/** The writer's side of the table `text`: gives each text its id, and stores it when it is new. */
export class Texts {
  /** Text to id. What is longer is looked up in the table, so that memory has a bound: 16 MiB. */
  readonly #ids = new BoundedMap<string, number>(cachedTexts);
  readonly #find: Statement<[number, string], number>;
  readonly #add: Statement<[number, string]>;

  constructor(db: Database) {
    this.#find = db
      .prepare<[number, string], number>(
        "SELECT id FROM text WHERE hash = ? AND value = ? ORDER BY id LIMIT 1",
      )
      .pluck();
    this.#add = db.prepare("INSERT INTO text (hash, value) VALUES (?, ?)");
  }

  /**
   * The id of a text; 0 for the empty one. Must be called within a write transaction: then no other
   * writer can add the same text meanwhile.
   */
  idOf(value: string): number {
    if (value === "") return 0;
    return this.#ids.get(value) ?? this.#look(value);
  }

  /** The id of a list of arguments, stored as a JSON array; 0 for none. */
  idOfArgs(args: readonly string[]): number {
    return args.length === 0 ? 0 : this.idOf(JSON.stringify(args));
  }

  /** Must be called when a transaction was rolled back: its new texts are not in the table. */
  forget(): void {
    this.#ids.clear();
  }

  #look(value: string): number {
    const key = textHash(value);
    const id = this.#find.get(key, value) ?? Number(this.#add.run(key, value).lastInsertRowid);
    if (value.length <= cachedLength) this.#ids.set(value, id);
    return id;
  }
}

const cachedTexts = 32_768;
const cachedLength = 256;

/**
 * 48 bits of SHA-256. A job chooses its texts, so the hash must be one for which it cannot make
 * many equal ones: each look-up would compare them all.
 */
export const textHash = (value: string): number => hash("sha256", value, "buffer").readUIntBE(0, 6);

/** The reader's side: gives each id its text. */
export class TextValues {
  readonly #values = new BoundedMap<number, string>(readTexts);
  readonly #get: Statement<[number], string>;

  constructor(db: Database) {
    this.#get = db.prepare<[number], string>("SELECT value FROM text WHERE id = ?").pluck();
  }

  /** @returns the text, empty for 0 and for an id that the table does not have */
  valueOf(id: number): string {
    if (id === 0) return "";
    const known = this.#values.get(id);
    if (known !== undefined) return known;
    const value = this.#get.get(id) ?? "";
    if (value.length <= cachedLength) this.#values.set(id, value);
    return value;
  }

  argsOf(id: number): readonly string[] {
    return argsFrom(this.valueOf(id));
  }
}

const readTexts = 8_192;

/** Arguments from the text that stands for them. */
export const argsFrom = (value: string): readonly string[] =>
  value === "" ? [] : (JSON.parse(value) as string[]); // only idOfArgs writes such a text
