import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { type EventName, events } from "../../src/events/index.ts";
import { job, type Recording } from "./record.ts";

const sources = new URL("acts/", import.meta.url).pathname;
const built = new Map<string, string>();
let into: string | undefined;
after(() => into && rmSync(into, { recursive: true }));

/**
 * The command line of an act: `acts/<program>.c`, compiled once. It is linked statically, so that
 * it does nothing but what its source says.
 */
export function act(program: string, ...args: string[]): string[] {
  return [built.get(program) ?? compile(program), ...args];
}

function compile(program: string): string {
  into ??= mkdtempSync(join(tmpdir(), "jobwarden-acts-"));
  const path = join(into, program);
  const source = join(sources, `${program}.c`);
  execFileSync("gcc", ["-std=gnu17", "-O1", "-Wall", "-Werror", "-static", "-o", path, source], {
    stdio: "pipe",
  });
  built.set(program, path);
  return path;
}

/** What an act says of itself: one line of JSON for each fact. */
export type Fact = Readonly<Record<string, unknown>>;

export function facts(recording: Recording, event: string): Fact[] {
  assert.equal(recording.stderr, "");
  assert.equal(recording.exit_code, 0);
  const lines = recording.stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines
    .map((line) => JSON.parse(line, asText) as Fact)
    .filter((fact) => fact["event"] === event);
}

/** An act writes each byte that is not ASCII as one escape, so that any name can pass. */
const asText = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? Buffer.from(value, "latin1").toString("utf8") : value;

/**
 * Compares all that was recorded of one kind with what the act says that it did, in order and every
 * field. A fact names only what is not usual: `flags` when they are not 0, `process` (its id) and
 * `thread_id` when it was not the command itself.
 */
export function assertTold(recording: Recording, event: EventName): Fact[] {
  const told = facts(recording, event);
  assert.ok(told.length > 0, `the act tells of no ${event}`);
  assertRecorded(recording, event, told);
  return told;
}

/** As `assertTold`, with facts that the test knows itself. */
export function assertRecorded(
  recording: Recording,
  event: EventName,
  told: readonly Fact[],
): void {
  const expected = told.map(({ process, ...fact }) => {
    const pid = typeof process === "number" ? process : recording.pid;
    return { ...usual(event), thread_id: pid, process_key: keyOf(recording, pid), ...fact };
  });
  assert.deepEqual(recording.of(event).map(withoutHead), expected);
  for (const { time_us } of recording.events) {
    assert.ok(time_us >= recording.from_us && time_us <= recording.to_us, `at ${time_us}`);
  }
  assert.deepEqual(recording.losses, new Map());
}

const usual = (event: EventName) => ({
  event,
  event_id: events.find(({ name }) => name === event)?.id,
  flags: 0,
  job,
  // A command that is traced by itself has no steps.
  ...(event === "process_fork" || event === "process_exec" ? { step_key: 0 } : {}),
});

/** The size was checked by the decoder, against the lengths of all that it holds. */
function withoutHead({ size, time_us, ...rest }: { size: number; time_us: number }) {
  return rest;
}

/** The key of a process, from where it came into the job: its fork, or its move into the group. */
export function keyOf({ launch, events }: Recording, pid: number): number {
  for (const event of [...launch, ...events]) {
    if (event.event === "process_fork" && event.child_pid === pid) return event.child_key;
    if (event.event === "cgroup_move" && event.moved_pid === pid) return event.moved_key;
  }
  throw new Error(`process ${pid} never came to the job`);
}
