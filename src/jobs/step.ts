import type { StepEnvironment } from "./step_variables.ts";

export type StepPhase =
  | ("set_up" | "hook_started" | "pre" | "main" | "post" | "hook_completed")
  | "unknown";
export type StepKind = "run" | "node" | "docker" | "unknown";
/** `likely`: by the order in which steps run; `unknown`: which step it is cannot be said. */
export type StepCertainty = "certain" | "likely" | "unknown";

/** One step of a job as its processes show it. What cannot be decided is null, never a guess. */
export interface Step {
  /** From 1, in the order of their first processes. */
  readonly number: number;
  readonly phase: StepPhase;
  /** From 0, among the steps of the job; null when not known, or when it is none of them. */
  readonly position: number | null;
  /** Positions within composite actions, the outermost first; null when not known. */
  readonly nested: readonly number[] | null;
  /** `GITHUB_ACTION` of its processes; empty outside of steps. */
  readonly action: string;
  readonly kind: StepKind;
  /** The action, also of a nested step; null for `run:`, or when not known. */
  readonly uses: string | null;
  readonly name: string;
  /** Where the outer step stands in the repository. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
  readonly certainty: StepCertainty;
  /** Unix microseconds. */
  readonly started_us: number;
  /** Null while a process of it runs. */
  readonly ended_us: number | null;
}

/** A direct child of the Worker at its first exec, as the kernel saw it. */
export interface StepChild {
  readonly process_key: number;
  readonly time_us: number;
  readonly args: readonly string[];
  readonly environment: StepEnvironment;
  /** Text of the script that it runs, when somebody has read it; may be cut. */
  readonly script?: string;
}
