import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { RunnerProblem } from "../src/jobs/runner.ts";
import { dropInDirectories, isRunnerUnit, unitPlace } from "../src/jobs/unit_file.ts";
import { readSmallFile } from "./small_file.ts";

/** A unit of systemd that starts a runner. */
export interface RunnerUnit {
  readonly name: string;
  readonly path: string;
  readonly root: string;
  /** Name or number. */
  readonly user: string;
}

/** Those of the system, the first has precedence: systemd.unit(5). */
export const systemUnits: readonly string[] = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
];

const mostUnitBytes = 64 << 10;

/** The runners' units by name; one that is masked is none. */
export function runnerUnits(
  directories: readonly string[],
  report: (problem: RunnerProblem) => void,
): readonly RunnerUnit[] {
  const paths = firstOf(directories, isRunnerUnit);
  return [...paths].sort(byName).flatMap(([name, path]) => {
    const text = textOf(path, report);
    if (text === "") return []; // empty or a link to /dev/null: masked
    const { root, user } = unitPlace([text, ...dropIns(name, directories, report)]);
    if (root !== undefined) return [{ name, path, root, user }];
    report({ path, message: "the unit names no directory of a runner" });
    return [];
  });
}

/** Texts in the order of their names, whatever directory they are in. */
function dropIns(
  unit: string,
  directories: readonly string[],
  report: (problem: RunnerProblem) => void,
): readonly string[] {
  const places = directories.flatMap((above) =>
    dropInDirectories(unit).map((name) => join(above, name)),
  );
  const paths = firstOf(places, (name) => name.endsWith(".conf"));
  return [...paths].sort(byName).map(([, path]) => textOf(path, report));
}

/** Of files with the same name the one in the first directory counts. */
function firstOf(
  directories: readonly string[],
  isWanted: (name: string) => boolean,
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const directory of directories) {
    for (const name of namesIn(directory).filter(isWanted)) {
      if (!paths.has(name)) paths.set(name, join(directory, name));
    }
  }
  return paths;
}

const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // few of the places are there
  }
}

function textOf(path: string, report: (problem: RunnerProblem) => void): string {
  try {
    if (realpathSync(path) === "/dev/null") return "";
    return readSmallFile(path, { most_bytes: mostUnitBytes, follow: true }).bytes.toString("utf8");
  } catch (error) {
    report({ path, message: `the unit cannot be read: ${(error as Error).message}` });
    return "";
  }
}
