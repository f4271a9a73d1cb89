import type { Database } from "better-sqlite3";

/**
 * Everything but the tables of events, which follow from their definitions (event_tables.ts).
 * All times are Unix microseconds.
 */
export function firstTables(db: Database): void {
  db.exec(`
    -- Text kept once. Row 0 is the empty text, so that every text id names a row.
    -- hash: the first 48 bits of the SHA-256 of its UTF-8; an index on the value would double it.
    CREATE TABLE text (
      id    INTEGER PRIMARY KEY,
      hash  INTEGER NOT NULL,
      value TEXT NOT NULL
    ) STRICT;
    CREATE INDEX text_hash ON text (hash);
    INSERT INTO text (id, hash, value) VALUES (0, 0, '');

    -- Numbers that go up across all writers; each is the next one to be given.
    CREATE TABLE sequence (
      name TEXT PRIMARY KEY,
      next INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO sequence (name, next) VALUES ('event', 1);

    -- Which event tables there are.
    CREATE TABLE event_kind (
      id   INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;

    -- ended_us, exit_code: NULL while it runs, or when nobody was there to see the end.
    -- signal: name of the signal that ended the command; NULL when it exited.
    -- first_event, last_event: no event of the job has an id outside; NULL while it has none.
    -- agent_pid: the process that wrote it; with boot_id it says whether a running job can be.
    CREATE TABLE job (
      id          INTEGER PRIMARY KEY AUTOINCREMENT,
      name        TEXT NOT NULL,
      kind        TEXT NOT NULL CHECK (kind IN ('run', 'runner')),
      command     TEXT NOT NULL,
      state       TEXT NOT NULL CHECK (state IN ('running', 'ended', 'interrupted')),
      started_us  INTEGER NOT NULL,
      ended_us    INTEGER,
      exit_code   INTEGER,
      signal      TEXT,
      first_event INTEGER,
      last_event  INTEGER,
      complete    INTEGER NOT NULL,
      survivors   INTEGER NOT NULL,
      host        TEXT NOT NULL,
      boot_id     TEXT NOT NULL,
      agent_pid   INTEGER NOT NULL,
      version     TEXT NOT NULL
    ) STRICT;

    -- parent: a process of the same job; NULL when its parent is not of the job, or not known.
    -- ended_us, exit_code, exit_signal: NULL while it runs. uid: NULL until an event tells.
    -- path, args, cwd: text ids, of the last exec.
    CREATE TABLE process (
      id          INTEGER PRIMARY KEY,
      job         INTEGER NOT NULL REFERENCES job (id),
      process_key INTEGER NOT NULL,
      parent      INTEGER REFERENCES process (id),
      pid         INTEGER NOT NULL,
      started_us  INTEGER NOT NULL,
      ended_us    INTEGER,
      exit_code   INTEGER,
      exit_signal INTEGER,
      path        INTEGER NOT NULL,
      args        INTEGER NOT NULL,
      cwd         INTEGER NOT NULL,
      uid         INTEGER,
      execs       INTEGER NOT NULL,
      UNIQUE (job, process_key)
    ) STRICT;

    -- severity: 0 info to 4 critical. formerly, behaviours, evidence, process, ancestry: JSON.
    -- event_id names the row in the table called as event. step: NULL where the job has none.
    CREATE TABLE finding (
      id         INTEGER PRIMARY KEY,
      job        INTEGER NOT NULL REFERENCES job (id),
      signature  TEXT NOT NULL,
      key        TEXT NOT NULL,
      severity   INTEGER NOT NULL,
      count      INTEGER NOT NULL,
      first_us   INTEGER NOT NULL,
      last_us    INTEGER NOT NULL,
      event      TEXT NOT NULL,
      event_id   INTEGER NOT NULL,
      title      TEXT NOT NULL,
      message    TEXT NOT NULL,
      why        TEXT NOT NULL,
      step       TEXT,
      formerly   TEXT NOT NULL,
      behaviours TEXT NOT NULL,
      evidence   TEXT NOT NULL,
      process    TEXT NOT NULL,
      ancestry   TEXT NOT NULL,
      UNIQUE (job, signature, key)
    ) STRICT;

    -- Events that are known to be missing.
    CREATE TABLE loss (
      job  INTEGER NOT NULL REFERENCES job (id),
      kind TEXT NOT NULL,
      lost INTEGER NOT NULL,
      PRIMARY KEY (job, kind)
    ) STRICT, WITHOUT ROWID;

    -- stored: rows in the table of that kind. happened: events, with those folded into a row.
    CREATE TABLE event_count (
      job      INTEGER NOT NULL REFERENCES job (id),
      kind     TEXT NOT NULL,
      stored   INTEGER NOT NULL,
      happened INTEGER NOT NULL,
      PRIMARY KEY (job, kind)
    ) STRICT, WITHOUT ROWID;
  `);
}
