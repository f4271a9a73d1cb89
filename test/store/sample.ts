import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Database } from "better-sqlite3";
import { type ErrorCode, JobwardenError } from "../../src/base/errors.ts";
import type { Finding } from "../../src/engine/finding.ts";
import { type EventName, type EventNamed, events } from "../../src/events/index.ts";
import { header } from "../../src/events/schema.ts";
import type { Process } from "../../src/jobs/process.ts";
import type { JobStart } from "../../src/store/jobs.ts";
import { openForWriting } from "../../src/store/open.ts";

/** Text that a job may use: quotes, SQL, controls, all planes of Unicode, what decoding leaves. */
export const hostile = `a 'b' "c"); DROP TABLE job; -- \n\t\x1b[0m\0é漢😀\u202e\ufffd`;

/** 2025-11-24T16:00:00.123456Z. */
export const someTime = 1_764_000_000_123_456;

export function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "jobwarden-store-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A new database, closed and removed when the test ends. */
export function store(t: TestContext): { readonly db: Database; readonly path: string } {
  const path = join(scratch(t), "jobwarden.db");
  const db = openForWriting(path);
  t.after(() => db.close());
  return { db, path };
}

export const aJob: JobStart = { name: "build", kind: "run", command: "make", started_us: someTime };

/** The event with every absent field as zeroed memory reads. */
export function event<N extends EventName>(
  name: N,
  fields: Partial<EventNamed<N>> = {},
): EventNamed<N> {
  const definition = events.find((one) => one.name === name);
  assert.ok(definition);
  const all = Object.entries({ ...header, ...definition.fields });
  const zeroes = Object.fromEntries(all.map(([field, { zero }]) => [field, zero]));
  // Every field of the definition is there, and no other; the checker cannot follow that.
  return { ...zeroes, event: name, event_id: definition.id, ...fields } as EventNamed<N>;
}

export function process(process_key: number, fields: Partial<Process> = {}): Process {
  return {
    process_key,
    parent_key: 0,
    step_key: 0,
    pid: process_key + 1000,
    started_us: someTime,
    ended_us: undefined,
    path: "/usr/bin/make",
    args: ["make", "all"],
    cwd: "/work",
    execs: 1,
    ...fields,
  };
}

export function finding(job: number, fields: Partial<Finding> = {}): Finding {
  return {
    signature: "TRC-101",
    formerly: ["TRC-1"],
    title: "Standard Input/Output Over Socket",
    severity: "high",
    behaviours: ["reverse_shell"],
    job,
    event_id: 7,
    event: "process_exec",
    time_us: someTime,
    message: `${hostile} has a socket as standard input.`,
    evidence: { peer: "[2001:db8::1]:4444", descriptor: 0, text: hostile },
    process: { process_key: 3, pid: 1003, path: "/bin/sh", args: ["sh", "-c", hostile] },
    ancestry: [{ process_key: 2, pid: 1002, path: "", args: [] }],
    step: null,
    key: "sh 4444",
    why: "Whoever is at the other end runs commands on this machine.",
    ...fields,
  };
}

/** For assert.throws: an error of ours with this code, whose message matches. */
export const withCode =
  (code: ErrorCode, message: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof JobwardenError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
