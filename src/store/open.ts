import { readFileSync } from "node:fs";
import Database, { type Database as Connection } from "better-sqlite3";
import { JobwardenError } from "../base/errors.ts";
import { checkSchema, checkTables, checkVersion } from "./check.ts";
import { bytesOf, checkReadable, fileOf, makeWritable, startOf } from "./files.ts";
import { type Migration, makeCurrent, migrate } from "./migrate.ts";
import { firstTables } from "./migrations/0001_first_tables.ts";
import { runnerJobs } from "./migrations/0002_runner_jobs.ts";
import { rememberPath, storeError } from "./store_error.ts";

/** Forward only. Number n brings a database of version n - 1 to version n; none is ever changed. */
export const migrations: readonly Migration[] = [firstTables, runnerJobs];

export interface OpenOptions {
  /** How long to wait for another process that holds the database. Default: 5 seconds. */
  readonly busy_timeout_ms?: number;
}

const usualTimeoutMs = 5000;

/**
 * Opens the database for the one Writer of this process, and makes it first when it is not there:
 * private to its owner, because it holds the arguments of every command. An older one is upgraded.
 *
 * @throws JobwardenError STATE_UNWRITABLE, STORE_NEWER (then no byte was changed), STORE_CORRUPT,
 *   STORE_BUSY
 */
export function openForWriting(path: string, options: OpenOptions = {}): Connection {
  const file = fileOf(path);
  makeWritable(file);
  // A connection that may write changes files by being opened and closed, so one that may not
  // looks first.
  if (bytesOf(file) > 0) lookOnly(file, options)?.close();
  return connect(file, options, { fileMustExist: true }, (db) => {
    prepareToWrite(db);
    checkVersion(db, file, migrations.length);
    migrate(db, migrations);
    checkSchema(db, file);
    makeCurrent(db);
    checkTables(db);
  });
}

/**
 * Opens the database to read it, while a writer runs or on a copy in a read-only directory.
 *
 * @throws JobwardenError STORE_MISSING, STORE_UNREADABLE, STORE_NEWER, STORE_CORRUPT, STORE_BUSY
 */
export function openForReading(path: string, options: OpenOptions = {}): Connection {
  const file = fileOf(path);
  checkReadable(file);
  const db = lookOnly(file, options) ?? openUnshared(file);
  const version = db.pragma("user_version", { simple: true });
  if (version === migrations.length) return db;
  if (version !== 0) return upgradedCopy(db, file);
  db.close();
  throw new JobwardenError("STORE_MISSING", `${file} has no tables; \`jobwarden run\` makes them`);
}

/** @returns undefined when SQLite can read it only with files beside it that cannot be made */
function lookOnly(file: string, options: OpenOptions): Connection | undefined {
  try {
    return connect(file, options, { readonly: true }, (db) => prepareToRead(db, file));
  } catch (error) {
    if (error instanceof JobwardenError && error.code === "STATE_UNWRITABLE") return undefined;
    throw error;
  }
}

/**
 * Reads it into memory: for a directory where SQLite cannot make the files that a log needs. There
 * nobody can be writing, except one with more rights who starts now.
 */
function openUnshared(file: string): Connection {
  if (bytesOf(`${file}-wal`) > 0) throw unreadable(`${file}-wal has changes that`);
  if (bytesOf(file) > largestInMemory) throw unreadable(`${file} is of a size that`);
  const bytes = readFileSync(file);
  // Bytes 18 and 19 say that there is a log (sqlite.org/fileformat2.html); an empty one is none.
  bytes.fill(withoutLog, 18, 20);
  const db = new Database(bytes, { readonly: true });
  rememberPath(db, file);
  prepareToRead(db, file);
  return db;
}

/** An older one, as this version would have written it: in memory, since the file stays as it is. */
function upgradedCopy(old: Connection, file: string): Connection {
  const bytes = bytesOf(file) > largestInMemory ? undefined : old.serialize();
  old.close();
  if (!bytes) throw unreadable(`${file} is of an older version and of a size that`);
  bytes.fill(withoutLog, 18, 20);
  const db = new Database(bytes);
  rememberPath(db, file);
  migrate(db, migrations);
  makeCurrent(db);
  prepareToRead(db, file);
  return db;
}
const withoutLog = 1;
/** It is in memory twice while it is opened. */
const largestInMemory = 2 ** 29;

const unreadable = (found: string): JobwardenError =>
  new JobwardenError(
    "STORE_UNREADABLE",
    `${found} cannot be read where nothing may be written; ` +
      "copy the database and its -wal file to a directory of your own and read them there",
  );

interface Mode {
  readonly readonly?: boolean;
  readonly fileMustExist?: boolean;
}

function connect(
  file: string,
  { busy_timeout_ms = usualTimeoutMs }: OpenOptions,
  mode: Mode,
  prepare: (db: Connection) => void,
): Connection {
  const giveUp = performance.now() + busy_timeout_ms;
  for (;;) {
    let db: Connection | undefined;
    try {
      db = new Database(file, { ...mode, timeout: busy_timeout_ms });
      rememberPath(db, file);
      prepare(db);
      return db;
    } catch (error) {
      db?.close();
      if (isNoDatabase(error)) throw notDatabase(file, error);
      const meaning = storeError(file, error);
      if (!isBusy(meaning) || performance.now() >= giveUp) throw meaning;
    }
    // SQLite itself does not wait where waiting could be for ever, such as when two processes
    // make the same database; here one of them lets go.
    Atomics.wait(pause, 0, 0, pauseMs);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMs = 10;

const isNoDatabase = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code === "SQLITE_NOTADB";

const notDatabase = (file: string, cause: unknown): JobwardenError =>
  new JobwardenError(
    "STORE_CORRUPT",
    `${file} starts with ${startOf(file)} and is not a SQLite database; ` +
      "copy it for analysis, then move it away",
    { cause },
  );

const isBusy = (error: unknown): boolean =>
  error instanceof JobwardenError && error.code === "STORE_BUSY";

function prepareToWrite(db: Connection): void {
  // Lets a deleted job's pages go back to the file system; can be chosen before the first page only.
  const isEmpty = db.pragma("page_count", { simple: true }) === 0;
  if (isEmpty) db.pragma("auto_vacuum = INCREMENTAL");
  // A batch is safe from the end of the process at once, from a power cut at the next checkpoint.
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
  db.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  db.pragma(`journal_size_limit = ${largestWalBytes}`);
  db.pragma(`cache_size = -${writerCacheKib}`);
  db.pragma("foreign_keys = ON");
  // Not mapped: a file that another program cuts would end the agent by SIGBUS.
  db.pragma("mmap_size = 0");
}

/** 16 MiB of log between two checkpoints: a page that changes often is then written once. */
const checkpointPages = 4096;
/** A log that a long reader made longer is cut to this. */
const largestWalBytes = 64 * 2 ** 20;
const writerCacheKib = 16_384;
const readerCacheKib = 8_192;

function prepareToRead(db: Connection, file: string): void {
  db.pragma("query_only = ON");
  // The file may be a copy from anyone: its views may call harmless functions only.
  db.pragma("trusted_schema = OFF");
  db.pragma(`cache_size = -${readerCacheKib}`);
  db.pragma("mmap_size = 0");
  checkVersion(db, file, migrations.length);
  checkSchema(db, file);
}
