import type { FoundRunner, RunnerProblem } from "../src/jobs/runner.ts";

/** Where to look. */
export interface RunnerPlaces {
  /** Directories that a person names as runners. */
  readonly roots: readonly string[];
  /** Whether to look for units and running Listeners as well. Default: true. */
  readonly discover?: boolean;
  /** Default: /proc. */
  readonly proc?: string;
  /** The first has precedence. Default: those of systemd for the system. */
  readonly unit_directories?: readonly string[];
  /** Whether a process belongs to a job: what a job calls a Listener is none. Default: none does. */
  readonly isTraced?: (pid: number) => boolean;
}

export interface FoundRunners {
  /** By root. */
  readonly runners: readonly FoundRunner[];
  readonly problems: readonly RunnerProblem[];
}
