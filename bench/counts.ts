/** Known numbers of acts in, the same numbers in SQLite; and what an event costs. */
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { openForReading } from "../src/store/open.ts";
import { makePlace, note, printTable, runTraced } from "./bench.ts";

interface Load {
  readonly name: string;
  readonly acts: string;
  readonly n: number;
  /** How many of the acts the database holds of job @job. */
  readonly sql: string;
}

const filesLike = "file_open_view WHERE job = ? AND path LIKE '%/files/%'";
const loads = (quick: boolean): readonly Load[] => {
  const scale = quick ? 100 : 1;
  const counted = `SELECT total(count) FROM ${filesLike}`;
  return [
    { name: "opens, one file", acts: "open_same", n: 1_000_000 / scale, sql: counted },
    { name: "opens, 10,000 files", acts: "open_many", n: 1_000_000 / scale, sql: counted },
    { name: "opens, each file new", acts: "open_new", n: 100_000 / scale, sql: counted },
    {
      name: "forks",
      acts: "fork",
      n: 50_000 / scale,
      // The command itself is the process without a parent.
      sql: "SELECT count(*) FROM process_fork WHERE job = ?",
    },
    {
      name: "execs",
      acts: "exec",
      n: 50_000 / scale,
      sql: "SELECT count(*) FROM process_exec_view WHERE job = ? AND called_as = '/bin/true'",
    },
    {
      name: "connects",
      acts: "connect",
      n: 50_000 / scale,
      sql: "SELECT count(*) FROM socket_connect WHERE job = ?",
    },
  ];
};

/** @returns whether every count was exact and nothing was lost */
export function counts(quick: boolean): boolean {
  const place = makePlace();
  const rows: string[][] = [];
  let isExact = true;
  for (const { name, acts, n, sql } of loads(quick)) {
    note(`counting ${n.toLocaleString("en")} ${name}`);
    const before = size(place.state);
    const files = join(place.directory, "files");
    const result = runTraced(place, [place.acts, acts, String(n), files]);
    const db = openForReading(join(place.state, "jobwarden.db"));
    const stored = Number(db.prepare(sql).pluck().get(result.job));
    const stored_rows = rowsOf(db, result.job);
    db.close();
    const lost = result.losses.reduce((sum, loss) => sum + loss.lost, 0);
    isExact &&= stored === n && lost === 0;
    const seconds = (result.ended_us - result.started_us) / 1e6;
    const bytes = size(place.state) - before;
    rows.push([
      name,
      n.toLocaleString("en"),
      stored.toLocaleString("en"),
      lost.toLocaleString("en"),
      Math.round(result.events / seconds).toLocaleString("en"),
      (result.agent_cpu_us / result.events).toFixed(2),
      stored_rows.toLocaleString("en"),
      (bytes / stored_rows).toFixed(0),
      (result.agent_max_rss_kib / 1024).toFixed(0),
    ]);
  }
  printTable(
    [
      "load",
      "done",
      "stored",
      "lost",
      "events/s",
      "agent µs/event",
      "rows",
      "bytes/row",
      "peak MB",
    ],
    rows,
  );
  return isExact;
}

function rowsOf(db: Database, job: number): number {
  const tables = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%thread_id%'",
    )
    .pluck()
    .all();
  const count = (table: string) =>
    Number(db.prepare(`SELECT count(*) FROM ${table} WHERE job = ?`).pluck().get(job));
  return tables.reduce((sum, table) => sum + count(table), 0);
}

/** Bytes of the database's pages, its log included. */
function size(state: string): number {
  try {
    const db = openForReading(join(state, "jobwarden.db"));
    const pages = Number(db.pragma("page_count", { simple: true }));
    const bytes = pages * Number(db.pragma("page_size", { simple: true }));
    db.close();
    return bytes;
  } catch {
    return 0; // there is none before the first job
  }
}
