import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { openForReading, openForWriting } from "../../src/store/open.ts";
import { Reader } from "../../src/store/reader.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, event, scratch, store, withCode } from "./sample.ts";

test("a new database is made with its directory, for its owner only", (t) => {
  const directory = join(scratch(t), "a b", "c ");
  const path = join(directory, " job%20warden?.db");

  openForWriting(path).close();

  assert.deepEqual(readdirSync(directory), [" job%20warden?.db"]);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a path that ends with a blank is refused, since another file would be opened", (t) => {
  const path = join(scratch(t), "jobwarden.db ");

  assert.throws(() => openForWriting(path), withCode("USAGE", /cannot end with a blank: ".*db "/));
});

test("to open it again takes no lock from the one that is open", (t) => {
  const { path } = store(t);
  const locks = (): number =>
    readFileSync("/proc/locks", "latin1")
      .split("\n")
      .filter((line) => line.includes(`:${statSync(path).ino} `)).length;
  const before = locks();

  openForReading(path).close();
  openForWriting(path).close();

  assert.ok(before > 0);
  assert.equal(locks(), before);
});

test("every table is strict", (t) => {
  const { db } = store(t);

  const loose = db
    .prepare(
      "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%' ORDER BY name",
    )
    .all();

  assert.deepEqual(loose, []);
});

test("opening a database that is current writes nothing", (t) => {
  const { db, path } = store(t);
  db.close();
  const before = readFileSync(path);

  openForWriting(path).close();

  assert.ok(readFileSync(path).equals(before));
});

test("a directory that cannot be made is said, with what to do", (t) => {
  const directory = scratch(t);
  writeFileSync(join(directory, "file"), "");

  assert.throws(
    () => openForWriting(join(directory, "file", "jobwarden.db")),
    withCode("STATE_UNWRITABLE", /file\/jobwarden\.db cannot be made or written: .*--state/),
  );
});

test("a database that is not there is not made by reading", (t) => {
  const directory = scratch(t);

  assert.throws(
    () => openForReading(join(directory, "jobwarden.db")),
    withCode("STORE_MISSING", /jobwarden\.db is not there; `jobwarden run` makes it/),
  );
  assert.deepEqual(readdirSync(directory), []);
});

test("an empty file is as good as none", (t) => {
  const path = join(scratch(t), "jobwarden.db");
  writeFileSync(path, "");

  assert.throws(() => openForReading(path), withCode("STORE_MISSING", /is empty/));
  openForWriting(path).close();
  openForReading(path).close();
});

test("a database whose making was broken off has nothing to read, and is made by the next", (t) => {
  const path = join(scratch(t), "jobwarden.db");
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  db.close();

  assert.throws(() => openForReading(path), withCode("STORE_MISSING", /has no tables/));
  openForWriting(path).close();
  openForReading(path).close();
});

for (const [who, open] of Object.entries({ openForReading, openForWriting })) {
  test(`${who} refuses a file that is no database, and shows how it starts`, (t) => {
    const path = join(scratch(t), "jobwarden.db");
    writeFileSync(path, "#!/bin/sh\necho a script");

    assert.throws(
      () => open(path),
      withCode(
        "STORE_CORRUPT",
        /jobwarden\.db starts with "#!\/bin\/sh\\n.* not a SQLite database/,
      ),
    );
    assert.equal(readFileSync(path, "latin1"), "#!/bin/sh\necho a script");
  });

  test(`${who} refuses a directory in the place of the database`, (t) => {
    const path = join(scratch(t), "jobwarden.db");
    mkdirSync(path);

    assert.throws(() => open(path), withCode("STORE_CORRUPT", /jobwarden\.db is not a file/));
    assert.deepEqual(readdirSync(path), []);
  });

  test(`${who} refuses a database of another program, and leaves it as it is`, (t) => {
    const path = join(scratch(t), "other.db");
    new Database(path).exec("CREATE TABLE job (a); INSERT INTO job VALUES (1)").close();
    const before = readFileSync(path);

    assert.throws(
      () => open(path),
      withCode("STORE_CORRUPT", /other\.db is a SQLite database of another program/),
    );
    assert.ok(readFileSync(path).equals(before));
  });

  test(`${who} refuses a database that was cut`, (t) => {
    const { db, path } = store(t);
    db.close();
    truncateSync(path, 3 * 4096);

    assert.throws(() => open(path), withCode("STORE_CORRUPT", /malformed.*copy it for analysis/));
  });

  test(`${who} refuses a newer version, and leaves every byte as it is`, (t) => {
    const { db, path } = store(t);
    // Not checkpointed: a connection that may write would do that now, and change the file.
    db.pragma("user_version = 99");
    const copy = join(scratch(t), "jobwarden.db");
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    const before = [readFileSync(copy), readFileSync(`${copy}-wal`)];

    assert.throws(
      () => open(copy),
      withCode("STORE_NEWER", /newer jobwarden: its version is 99, this one knows 2; it was left/),
    );
    const after = [readFileSync(copy), readFileSync(`${copy}-wal`)];
    assert.deepEqual(after, before);
  });

  test(`${who} refuses a database that has a field of an event more`, (t) => {
    const { db, path } = store(t);
    db.exec("ALTER TABLE file_open ADD COLUMN verdict INTEGER NOT NULL DEFAULT 0");
    db.close();

    assert.throws(() => open(path), withCode("STORE_NEWER", /the column file_open\.verdict/));
  });

  test(`${who} refuses a database that has an event more`, (t) => {
    const { db, path } = store(t);
    db.exec("INSERT INTO event_kind (id, name) VALUES (999, 'time_travel')");
    db.close();

    assert.throws(() => open(path), withCode("STORE_NEWER", /the event time_travel/));
  });
}

test("a table whose last page is damaged is found at opening", (t) => {
  const { db, path } = store(t);
  const root = Number(
    db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'file_open'").pluck().get(),
  );
  db.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, (root - 1) * 4096, root * 4096);
  writeFileSync(path, bytes);

  assert.throws(() => openForWriting(path), withCode("STORE_CORRUPT", /malformed/));
});

test("another process that holds the database too long is said", (t) => {
  const { db, path } = store(t);
  const writer = new Writer(openForWriting(path, { busy_timeout_ms: 20 }));
  db.exec("BEGIN IMMEDIATE");

  assert.throws(
    () => writer.begin(),
    withCode("STORE_BUSY", /jobwarden\.db: database is locked \(SQLITE_BUSY\); stop the other/),
  );
  db.exec("ROLLBACK");
  writer.begin();
  writer.commit();
});

test("a reader sees what is committed, while the writer is in its next batch", (t) => {
  const { db, path } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  writer.begin();
  writer.addEvent(event("file_open", { path: "/a" }), job, 0);
  writer.commit();
  writer.begin();
  writer.addEvent(event("file_open", { path: "/b" }), job, 0);

  const reading = openForReading(path);
  const paths = () =>
    [...new Reader(reading).events(new Reader(reading).job(job))].map(({ event }) =>
      event.event === "file_open" ? event.path : "",
    );

  assert.deepEqual(paths(), ["/a"]);
  writer.commit();
  assert.deepEqual(paths(), ["/a", "/b"]);
  reading.close();
});

test("a reader cannot write", (t) => {
  const { path } = store(t);
  const reading = openForReading(path);
  t.after(() => reading.close());

  assert.throws(() => reading.exec("DELETE FROM job"), /readonly/);
});

const script = `
  import { openForReading } from "${import.meta.dirname}/../../src/store/open.ts";
  import { Reader } from "${import.meta.dirname}/../../src/store/reader.ts";
  try {
    const db = openForReading(process.argv[1]);
    console.log(new Reader(db).jobs().map(({ name }) => name).join());
  } catch ({ code, message }) {
    console.log(code, message);
  }
`;
/** Opens it as a user who may not write; root may write anywhere, whatever the mode says. */
function readAsNobody(path: string): string {
  const nobody = 65_534;
  const who = globalThis.process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const options = { encoding: "utf8", ...who } as const;
  const { stdout, stderr } = spawnSync(
    globalThis.process.execPath,
    ["--input-type=module", "-e", script, path],
    options,
  );
  return stdout.trim() || stderr;
}

test("a copy in a directory where nothing may be written is read", (t) => {
  const { db, path } = store(t);
  new Writer(db).startJob(aJob);
  db.close();
  const directory = scratch(t);
  const copy = join(directory, "copy.db");
  copyFileSync(path, copy);
  chmodSync(copy, 0o444);
  chmodSync(directory, 0o555);

  assert.equal(readAsNobody(copy), "build");
  assert.deepEqual(readdirSync(directory), ["copy.db"]);
  chmodSync(directory, 0o755);
});

test("a copy with a log is refused where nothing may be written, rather than read in part", (t) => {
  const { db, path } = store(t);
  new Writer(db).startJob(aJob);
  const directory = scratch(t);
  const copy = join(directory, "copy.db");
  for (const suffix of ["", "-wal"]) {
    copyFileSync(path + suffix, copy + suffix);
    chmodSync(copy + suffix, 0o444);
  }
  chmodSync(directory, 0o555);

  assert.match(
    readAsNobody(copy),
    /^STORE_UNREADABLE .*copy\.db-wal has changes .* copy the database/,
  );
  chmodSync(directory, 0o755);
});

test("a live database is read by a user who may only read it", (t) => {
  const { db, path } = store(t);
  new Writer(db).startJob(aJob);
  chmodSync(join(path, ".."), 0o755);
  for (const suffix of ["", "-wal", "-shm"]) chmodSync(path + suffix, 0o644);

  assert.equal(readAsNobody(path), "build");
});

test("a database that may not be read is said, with what to do", (t) => {
  const { path } = store(t);
  chmodSync(join(path, ".."), 0o755);
  chmodSync(path, 0o000);

  assert.match(readAsNobody(path), /^STORE_UNREADABLE .*jobwarden\.db cannot be read: .*owner/);
});
