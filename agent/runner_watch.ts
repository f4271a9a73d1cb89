import { isDeepStrictEqual } from "node:util";
import type { FoundRunner, RunnerProblem } from "../src/jobs/runner.ts";
import { type FoundRunners, findRunners, type RunnerPlaces } from "./runners.ts";

/** What a scan found to be otherwise than the scan before. */
export interface RunnerChanges {
  /**
   * To be taken first: a runner whose root has another path or another directory behind it is
   * removed and added. One whose job still runs may be here, when a job removed its files.
   */
  readonly removed: readonly FoundRunner[];
  readonly added: readonly FoundRunner[];
  /** As they are now. */
  readonly changed: readonly FoundRunner[];
  /** Those that the scan before did not have. */
  readonly problems: readonly RunnerProblem[];
}

/** Keeps the list of runners; whoever owns it decides when to look. */
export class RunnerWatch {
  #places: RunnerPlaces;
  #found: FoundRunners = { runners: [], problems: [] };
  /** Whether the next scan must find anew what was named in the places before. */
  #is_renamed = false;

  constructor(places: RunnerPlaces) {
    this.#places = places;
  }

  /** As of the last scan, by root. */
  get runners(): readonly FoundRunner[] {
    return this.#found.runners;
  }

  /** As of the last scan. */
  get problems(): readonly RunnerProblem[] {
    return this.#found.problems;
  }

  /** Other places from the next scan on. What was named in the old ones only is then gone. */
  lookIn(places: RunnerPlaces): void {
    this.#places = places;
    this.#is_renamed = true;
  }

  /** Looks again. It reads a link for each process of the host, and some files for each runner. */
  scan(): RunnerChanges {
    const before = this.#found;
    const roots = before.runners
      .filter(({ sources }) => !this.#is_renamed || !sources.includes("configured"))
      .map(({ root }) => root);
    this.#is_renamed = false;
    const now = findRunners(this.#places, roots);
    this.#found = now;
    const known = new Map(before.runners.map((runner) => [identity(runner), runner]));
    const there = new Set(now.runners.map(identity));
    return {
      removed: before.runners.filter((runner) => !there.has(identity(runner))),
      added: now.runners.filter((runner) => !known.has(identity(runner))),
      changed: now.runners.filter((runner) => {
        const old = known.get(identity(runner));
        return old !== undefined && !isDeepStrictEqual(old, runner);
      }),
      problems: now.problems.filter(
        (problem) => !before.problems.some((old) => isDeepStrictEqual(old, problem)),
      ),
    };
  }
}

const identity = ({ root, root_device, root_inode }: FoundRunner): string =>
  `${root_device}:${root_inode}:${root}`;
