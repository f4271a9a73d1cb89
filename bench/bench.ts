/** What the parts of the benchmark share: a place to work in, the loads, a table. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TraceResult } from "../src/cli/context.ts";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface Place {
  readonly directory: string;
  readonly state: string;
  /** The compiled program that does known numbers of acts. */
  readonly acts: string;
}

/** A directory of its own, gone when the benchmark ends. */
export function makePlace(): Place {
  const directory = mkdtempSync(join(tmpdir(), "jobwarden-bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const acts = join(directory, "acts");
  execFileSync("cc", ["-O2", "-Wall", "-o", acts, join(root, "bench/acts.c")]);
  const state = join(directory, "state");
  mkdirSync(join(directory, "files"));
  return { directory, state, acts };
}

/** Runs a command as a traced job. @throws Error when it does not end with 0 */
export function runTraced({ directory, state }: Place, command: readonly string[]): TraceResult {
  const json = join(directory, "job.json");
  const options = ["run", "--fail-on", "never", "--quiet", `--json=${json}`, "--state", state];
  const { status, stderr } = spawnSync(
    join(root, "installer/jobwarden"),
    [...options, "--", ...command],
    { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${stderr}`);
  const last = readFileSync(json, "utf8").trim().split("\n").at(-1) ?? "";
  return JSON.parse(last) as TraceResult;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Prints rows under heads, each column as wide as its widest cell. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((_, i) =>
    Math.max(...[heads, ...rows].map((row) => (row[i] ?? "").length)),
  );
  for (const row of [heads, ...rows]) {
    const cells = row.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    process.stdout.write(`${cells.join("  ").trimEnd()}\n`);
  }
  process.stdout.write("\n");
}

export const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
