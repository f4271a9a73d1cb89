import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { AgentUnderTest } from "./agent_harness.ts";

/** A child of the Worker, as the stand-in runner says. */
interface Child {
  readonly type: "child";
  readonly pid: number;
  readonly kind: string;
  readonly position: number | null;
  readonly nested: readonly number[];
  readonly action: string;
  readonly line: number | null;
  readonly file: string | null;
}
/** A process that said itself in which step it is. */
interface Mark {
  readonly type: "mark";
  readonly pid: number;
  readonly ppid: number;
  readonly truth: string;
  readonly host: string;
}

export const truthOf = (file: string): readonly (Child | Mark)[] =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

interface Row {
  readonly pid: number;
  readonly process_key: number;
  readonly step_key: number;
  readonly phase: string | null;
  readonly position: number | null;
  readonly nested: string | null;
  readonly line: number | null;
}

const byPid = (job: number): string => `
  SELECT p.pid, p.process_key, p.step_key, s.phase, s.position, s.nested, s.line
    FROM process AS p
    LEFT JOIN step_process AS c ON c.job = p.job AND c.process_key = p.step_key
    LEFT JOIN step AS s ON s.id = c.step
   WHERE p.job = ${job}
   ORDER BY p.id`;

export interface Compared {
  /** Children and marks that were compared. */
  readonly compared: number;
  /** Of these, whose place was not wholly known. */
  readonly unknown: readonly string[];
}

/**
 * Compares every process of which the truth is known with what the agent stored: job and step must be
 * the same, or not known.
 */
export function compare(agent: AgentUnderTest, job: number, truth: string): Compared {
  const rows = new Map(agent.rows<Row>(byPid(job)).map((row) => [row.pid, row]));
  const unknown: string[] = [];
  let compared = 0;
  for (const told of truthOf(truth)) {
    const place = placeOf(told);
    if (!place) continue;
    const row = rows.get(told.pid);
    assert.ok(row, `${JSON.stringify(told)} is of no job, or of another`);
    if (told.type === "child") assert.equal(row.step_key, row.process_key, "a child has no key");
    compared++;
    const wrong = differences(place, row);
    assert.deepEqual(
      wrong.wrong,
      [],
      `${JSON.stringify(told)} was taken for ${JSON.stringify(row)}`,
    );
    if (wrong.unknown.length > 0) unknown.push(`${place.text} ${wrong.unknown.join(" ")}`);
  }
  assert.ok(compared > 0, "there was nothing to compare");
  return { compared, unknown };
}

interface Place {
  readonly kind: string;
  readonly position: number | null;
  readonly nested: readonly number[];
  readonly line: number | null | undefined;
  readonly text: string;
}

function placeOf(told: Child | Mark): Place | undefined {
  if (told.type === "child") {
    const { kind, position, nested, line } = told;
    return { kind, position, nested, line, text: `${kind}:${position}:${nested.join(".")}` };
  }
  if (told.type !== "mark" || told.host !== hostname()) return undefined;
  const [kind = "", position = "", nested = ""] = told.truth.split(":");
  const numbers = nested === "" ? [] : nested.split(".").map(Number);
  const at = position === "" ? null : Number(position);
  return { kind, position: at, nested: numbers, line: undefined, text: told.truth };
}

function differences(place: Place, row: Row): { wrong: string[]; unknown: string[] } {
  const wrong: string[] = [];
  // What the runner itself starts between steps is of none.
  if (place.kind === "other") {
    return {
      wrong: row.phase === null || row.phase === "unknown" ? [] : ["phase"],
      unknown: [],
    };
  }
  const unknown: string[] = [];
  const check = (what: string, known: boolean, isSame: boolean): void => {
    if (!known) unknown.push(what);
    else if (!isSame) wrong.push(what);
  };
  const phase = row.phase ?? "unknown";
  check("phase", phase !== "unknown", phase === place.kind);
  if (place.position === null) return { wrong, unknown };
  check("position", row.position !== null, row.position === place.position);
  const nested = JSON.parse(row.nested ?? "null") as readonly number[] | null;
  check("nested", nested !== null, `${nested}` === `${place.nested}`);
  if (place.line !== undefined) check("line", row.line !== null, row.line === place.line);
  return { wrong, unknown };
}
