import type { StepCertainty, StepPhase } from "./step.ts";
import { type Call, type Leaf, phasesOf } from "./step_leaves.ts";
import type { KnownStep } from "./step_names.ts";

/** How far a job has come. */
export interface Progress {
  /** A main process has ended with a code other than 0: what has no condition may be left out. */
  has_failed: boolean;
  has_posted: boolean;
  /** A process of which nobody knows what it was may have been a main one. */
  may_have_begun: boolean;
  /** Positions of which a process may have been that was not told: what was not seen may have been. */
  readonly blurred: Set<number>;
  /** Positions of which a main process was seen. */
  readonly started: Set<number>;
  /** Of each position the last leaf of which a main process was seen. */
  readonly last: Map<number, number>;
}

/** A leaf that a process may be of, in a phase. */
export interface Candidate {
  readonly leaf: Leaf;
  /** Its place among the leaves of its step. */
  readonly at: number;
  readonly phase: StepPhase;
}

/** All that a process may be, by what it was started as; each has one process for each phase. */
export const candidatesOf = (leaves: readonly Leaf[], called: Call): readonly Candidate[] =>
  leaves.flatMap((leaf, at) =>
    phasesOf(leaf, called)
      .filter((phase) => !leaf.seen.has(phase))
      .map((phase) => ({ leaf, at, phase })),
  );

export interface Choice extends Candidate {
  readonly certainty: StepCertainty;
}

/**
 * Chooses by the order in which the runner runs: all pre, then all main, then all post, the last one
 * first. @returns undefined when more than one can be it
 */
export function choose(
  candidates: readonly Candidate[],
  position: number,
  progress: Progress,
  known: readonly KnownStep[],
): Choice | undefined {
  const is_blurred = progress.blurred.has(position);
  const possible = candidates.filter((one) => is_blurred || isPossible(one, position, progress));
  // One after the other: the main of a later step says that this one's time is over.
  const is_over =
    known[position]?.is_background === false &&
    known.some((step) => step.position > position && progress.started.has(step.position));
  const left = is_over ? possible.filter(({ phase }) => phase !== "main") : possible;
  const [only, ...others] = left;
  if (is_blurred) return only && others.length === 0 ? { ...only, certainty: "likely" } : undefined;
  if (only && others.length === 0) return { ...only, certainty: "certain" };
  const byOrder = inOrder(left, position, progress, known);
  return byOrder && { ...byOrder, certainty: "likely" };
}

function isPossible({ leaf, at, phase }: Candidate, position: number, progress: Progress): boolean {
  const hasBegun = progress.started.size > 0;
  if (phase === "pre") return !hasBegun && !progress.has_posted;
  if (phase === "post") return leaf.seen.has("main") || leaf.seen.has("pre");
  return !progress.has_posted && at > (progress.last.get(position) ?? -1);
}

function inOrder(
  possible: readonly Candidate[],
  position: number,
  progress: Progress,
  known: readonly KnownStep[],
): Candidate | undefined {
  const [pre, ...morePres] = possible.filter(({ phase }) => phase === "pre");
  if (pre) {
    const isSure =
      !progress.may_have_begun && morePres.length === 0 && !pre.leaf.manifest?.is_pre_conditional;
    return isSure && !pre.leaf.seen.has("pre") ? pre : undefined;
  }
  const mains = possible.filter(({ phase }) => phase === "main");
  const posts = possible.filter(({ phase }) => phase === "post");
  const [main] = mains;
  const isDue = main !== undefined && !main.leaf.is_skippable && !progress.has_failed;
  if (main && (posts.length === 0 || isBeforeOthers(position, progress, known))) {
    return isDue || mains.length === 1 ? main : undefined;
  }
  // A process that was not told may have been a post.
  if (main) return isDue && !progress.may_have_begun ? main : undefined;
  const post = posts.at(-1);
  return post && !post.leaf.manifest?.is_post_conditional ? post : undefined;
}

/**
 * Whether a main step is still to come for certain, so that no post can have begun. One with `run:`
 * that nothing skips: an action may start no process that anybody could see.
 */
const isBeforeOthers = (
  position: number,
  { started, has_failed, blurred }: Progress,
  known: readonly KnownStep[],
): boolean =>
  !has_failed &&
  known.some(
    (step) =>
      step.position > position &&
      step.uses === null &&
      step.is_background === false &&
      !step.is_skippable &&
      !started.has(step.position) &&
      !blurred.has(step.position),
  );
