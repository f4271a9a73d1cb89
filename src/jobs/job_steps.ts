import type { JobMessage } from "./job_message.ts";
import type { Step, StepCertainty, StepChild, StepPhase } from "./step.ts";
import { hostPath, type StepCall, stepCall } from "./step_call.ts";
import { type Call, type Leaf, leavesOf, type ManifestOf } from "./step_leaves.ts";
import { describe, type KnownStep, knownSteps } from "./step_names.ts";
import { type Candidate, type Choice, candidatesOf, choose, type Progress } from "./step_order.ts";
import type { WorkflowJob } from "./workflow_file.ts";

export interface JobStepsOptions {
  /** `_work`. */
  readonly work_folder: string;
  readonly hook_scripts: { readonly started: string; readonly completed: string };
  readonly manifestOf: ManifestOf;
  /** Whether the job ran before it was followed: what was not seen may have been. Default: no. */
  readonly has_past?: boolean;
}

/** What is known of a job beside its processes; more may come while it runs. */
export interface JobKnowledge {
  readonly message?: JobMessage | undefined;
  readonly workflow?: WorkflowJob | undefined;
  /** Path in the repository of the file that `workflow` was read from. */
  readonly file?: string | undefined;
}

interface OpenStep extends Step {
  phase: StepPhase;
  nested: readonly number[] | null;
  name: string;
  file: string | null;
  line: number | null;
  uses: string | null;
  ended_us: number | null;
}

/**
 * Which step of its job each child of the Worker is. A top-level step is told by `GITHUB_ACTION`,
 * which the Worker sets and a workflow cannot; its phase and what is nested in it by the script that
 * runs, and where that leaves a choice by the order in which the runner runs things.
 */
export class JobSteps {
  readonly #options: JobStepsOptions;
  #knowledge: JobKnowledge = {};
  #known: readonly KnownStep[] = [];
  readonly #steps = new Map<string, OpenStep>();
  readonly #changed = new Set<OpenStep>();
  /** By process key: the step of each child that runs. */
  readonly #running = new Map<number, OpenStep>();
  readonly #leaves = new Map<number, readonly Leaf[] | undefined>();
  /** Leaves of an earlier state of knowledge. */
  readonly #seen = new Map<number, readonly Leaf[]>();
  readonly #progress: Progress = {
    has_failed: false,
    has_posted: false,
    may_have_begun: false,
    blurred: new Set(),
    started: new Set(),
    last: new Map(),
  };
  #workspace = "";

  constructor(options: JobStepsOptions) {
    this.#options = options;
  }

  /** In the order of their first processes. */
  get steps(): readonly Step[] {
    return [...this.#steps.values()];
  }

  /** Those that are new or changed since the last call. */
  takeChanged(): readonly Step[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /** What was taken was not stored: all is to be taken again. */
  changeAll(): void {
    for (const step of this.#steps.values()) this.#changed.add(step);
  }

  /** Whether something of the job's steps is known beside its processes. */
  get is_known(): boolean {
    return this.#known.length > 0;
  }

  learn(knowledge: JobKnowledge): void {
    this.#knowledge = { ...this.#knowledge, ...knowledge };
    this.#known = knownSteps(this.#knowledge);
    if (this.#options.has_past) this.#blur(null);
    this.#forgetLeaves();
    for (const step of this.#steps.values()) this.#describe(step);
  }

  /** @returns undefined for what the runner itself starts between steps */
  childStarted(child: StepChild): Step | undefined {
    const { args, environment } = child;
    const hook = this.#hookOf(args);
    if (hook) return this.#open(child, hook, null, null, "certain", hook);
    const { GITHUB_ACTION: action = "", GITHUB_WORKSPACE: workspace } = environment;
    if (action === "") {
      if (this.#options.has_past) return undefined;
      const isBefore = ![...this.#steps.values()].some(({ action }) => action !== "");
      return isBefore ? this.#open(child, "set_up", null, null, "certain", "set_up") : undefined;
    }
    if (workspace && this.#workspace === "") {
      this.#workspace = hostPath(workspace, this.#options);
      this.#forgetLeaves();
    }
    return this.#stepOf(child, action);
  }

  childEnded(process_key: number, time_us: number, exit_code: number): void {
    const step = this.#running.get(process_key);
    if (!step) return;
    this.#running.delete(process_key);
    const isMain = step.phase === "main" || step.phase === "unknown";
    if (isMain && exit_code !== 0) this.#progress.has_failed = true;
    if ([...this.#running.values()].includes(step)) return;
    step.ended_us = time_us;
    this.#changed.add(step);
  }

  #hookOf(args: readonly string[]): "hook_started" | "hook_completed" | undefined {
    if (args.length !== 3 || args[1] !== "-e") return undefined;
    const { started, completed } = this.#options.hook_scripts;
    if (args[2] === started) return "hook_started";
    return args[2] === completed ? "hook_completed" : undefined;
  }

  #stepOf(child: StepChild, action: string): Step {
    const call = stepCall(child.args, this.#options);
    const positions = this.#known.filter((known) => known.action === action);
    const position = positions.length === 1 ? (positions[0]?.position ?? null) : null;
    if (position === null) return this.#unknown(child, action, call, null);
    const leaves = this.#leavesOf(position);
    // What is nested cannot be said; that it is a step of that name can, unless several run at once.
    if (!leaves) {
      return this.#unknown(child, action, call, this.#mayBeAnothers(position) ? null : position);
    }
    const called: Call = {
      call,
      environment: child.environment,
      action_path: hostPath(child.environment.GITHUB_ACTION_PATH ?? "", this.#options),
      script: child.script,
    };
    const own = candidatesOf(leaves, called);
    // When it cannot be what its name says, it is of another step, whichever may run now.
    const isElsewhere = own.length === 0;
    const others = this.#othersOf(position, called, isElsewhere);
    const isBlind = this.#hasUnreadable(position, called, isElsewhere);
    if (others.length > 0 || own.length === 0) {
      // The name is perhaps that of another step which runs too; then only one place may fit at all.
      const [only, ...more] = [...own.map((one) => ({ ...one, position })), ...others];
      if (!only || more.length > 0 || isBlind) {
        return this.#unknown(child, action, call, null);
      }
      return this.#take(child, only.position, { ...only, certainty: "likely" });
    }
    const chosen = isBlind ? undefined : choose(own, position, this.#progress, this.#known);
    return chosen
      ? this.#take(child, position, chosen)
      : this.#unknown(child, action, call, this.#mayBeAnothers(position) ? null : position);
  }

  #take(child: StepChild, position: number, { leaf, at, phase, certainty }: Choice): Step {
    leaf.seen.add(phase);
    this.#note(position, at, phase);
    const key = `${phase} ${position} ${leaf.nested.join(".")}`;
    return this.#open(child, phase, position, leaf.nested, certainty, key, leaf);
  }

  #note(position: number, leaf: number, phase: StepPhase): void {
    if (phase === "post") this.#progress.has_posted = true;
    if (phase !== "main") return;
    this.#progress.started.add(position);
    this.#progress.last.set(position, Math.max(leaf, this.#progress.last.get(position) ?? -1));
  }

  /** They are found again by what is now known; what was seen of them stays. */
  #forgetLeaves(): void {
    for (const [position, leaves] of this.#leaves) if (leaves) this.#seen.set(position, leaves);
    this.#leaves.clear();
  }

  #leavesOf(position: number): readonly Leaf[] | undefined {
    if (this.#leaves.has(position)) return this.#leaves.get(position);
    const known = this.#known[position];
    const { work_folder, manifestOf } = this.#options;
    const places = {
      actions_folder: `${work_folder}/_actions`,
      workspace: this.#workspace,
      manifestOf,
    };
    const leaves = known && leavesOf(known, places);
    for (const leaf of leaves ?? []) {
      const before = this.#seen.get(position)?.find((one) => isSameLeaf(one, leaf));
      for (const phase of before?.seen ?? []) leaf.seen.add(phase);
    }
    this.#leaves.set(position, leaves);
    return leaves;
  }

  /** Whether a step that can run beside others may have the name of another one in its processes. */
  #mayBeAnothers(position: number): boolean {
    return this.#known.some((other) => other.position !== position && this.#mayRunNow(other));
  }

  /** Where else a process may belong: nested in a composite action that runs at the same time. */
  #othersOf(
    position: number,
    called: Call,
    isElsewhere: boolean,
  ): (Candidate & { readonly position: number })[] {
    return this.#known
      .filter((other) => other.position !== position)
      .filter((other) => isElsewhere || this.#mayRunNow(other))
      .flatMap((other) =>
        candidatesOf(this.#leavesOf(other.position) ?? [], called)
          .filter(({ leaf }) => leaf.nested.length > 0)
          .map((one) => ({ ...one, position: other.position })),
      );
  }

  /** Whether a step runs at the same time of which nobody knows what is nested in it. */
  #hasUnreadable(position: number, { action_path }: Call, isElsewhere: boolean): boolean {
    if (action_path === "") return false;
    return this.#known
      .filter((other) => other.position !== position && !this.#leavesOf(other.position))
      .some((other) => isElsewhere || this.#mayRunNow(other));
  }

  /** A background step that has begun, or may have; and any that runs beside another. */
  #mayRunNow({ position, is_background }: KnownStep): boolean {
    if (is_background !== false) return true;
    return [...this.#running.values()].some((step) => step.position === position);
  }

  #unknown(child: StepChild, action: string, call: StepCall, position: number | null): Step {
    const { GITHUB_ACTION_REPOSITORY: repository = "", GITHUB_ACTION_REF: ref = "" } =
      child.environment;
    const uses = repository === "" ? null : `${repository}@${ref}`;
    this.#blur(position);
    const key = `unknown ${position} ${action} ${uses} ${call.script}`;
    const step = this.#open(child, "unknown", position, null, "unknown", key);
    step.uses ??= position === null ? uses : step.uses;
    return step;
  }

  /** Nobody knows which process of that step this was; of any step, when not even that is known. */
  #blur(position: number | null): void {
    this.#progress.may_have_begun = true;
    const positions = position === null ? this.#known.map((known) => known.position) : [position];
    for (const one of positions) this.#progress.blurred.add(one);
  }

  #open(
    child: StepChild,
    phase: StepPhase,
    position: number | null,
    nested: readonly number[] | null,
    certainty: StepCertainty,
    key: string,
    leaf?: Leaf,
  ): OpenStep {
    const step = this.#steps.get(key) ?? {
      number: this.#steps.size + 1,
      ...{ phase, position, nested, certainty },
      action: child.environment.GITHUB_ACTION ?? "",
      kind: leaf?.kind ?? "unknown",
      uses: leaf?.uses ?? null,
      ...{ name: "", file: null, line: null },
      started_us: child.time_us,
      ended_us: null,
    };
    this.#steps.set(key, step);
    step.ended_us = null;
    this.#running.set(child.process_key, step);
    this.#describe(step);
    return step;
  }

  #describe(step: OpenStep): void {
    const known = step.position === null ? undefined : this.#known[step.position];
    Object.assign(step, describe(step, known));
    this.#changed.add(step);
  }
}

const isSameLeaf = (one: Leaf, other: Leaf): boolean =>
  one.uses === other.uses && one.nested.join(".") === other.nested.join(".");
