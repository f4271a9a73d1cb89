import { type Contexts, evaluate } from "../expressions.ts";
import { exportedKeys } from "../github_context.ts";
import { orchestrationId } from "../job_message.ts";
import type { Scalars, Step, Texts } from "../plan.ts";
import { referenceOf } from "./action.ts";
import type { FileCommands } from "./file_commands.ts";
import { RecordLog } from "./job_log.ts";
import type { Session, StepResult } from "./session.ts";
import { type Kind, type Origin, originText } from "./truth.ts";

/** One `steps:` list while it is played: the job's own, or that of a composite action. */
export interface Scope {
  readonly inputs: Scalars | Texts;
  /** Results so far, by id. */
  readonly steps: Record<string, StepResult>;
  readonly status: { failed: boolean };
  /** What is to do when the job is over, the last first. */
  readonly posts: Post[];
  /** The rest is there inside of a composite action only. */
  readonly within?: Within;
}

export interface Within {
  /** The step of the job. */
  readonly outer: Step;
  /** Positions down to the composite action. */
  readonly nested: readonly number[];
  /** Environment that the steps around it set. */
  readonly env: Texts;
  /** Where the composite action lies. */
  readonly folder: string;
  /** Ids from the outermost step down, with dots. */
  readonly name: string;
  readonly record: RecordLog;
}

/** Something to run after the main steps. */
export interface Post {
  readonly name: string;
  run(): Promise<void>;
}

/** One step in one phase: what decides how its processes look. */
export interface Frame {
  readonly session: Session;
  readonly scope: Scope;
  readonly step: Step;
  readonly kind: Kind;
  readonly github: Record<string, unknown>;
  readonly origin: Origin;
  /** `outer.inner`, as the runner names it. */
  readonly name: string;
  /** Nested steps share that of the outermost one. */
  readonly record: RecordLog;
}

/** Makes the frame of a step, with its own copy of the `github` context. */
export function frameOf(session: Session, scope: Scope, step: Step, kind: Kind): Frame {
  const { within } = scope;
  const top = within?.outer ?? step;
  // A background step has a context of its own; what is nested copies that of the job, where the
  // last step that was not in the background has left its id.
  const apart = step.background && kind === "main";
  if (!within && !apart) session.github["action"] = step.id;
  const { repository = "", ref = "" } = step.uses ? remote(step.uses) : {};
  const github: Record<string, unknown> = {
    ...session.github,
    action_repository: repository,
    action_ref: ref,
    ...(within ? { action_path: within.folder } : { action: step.id }),
  };
  const origin = {
    kind,
    position: top.position,
    nested: within ? [...within.nested, step.position] : [],
    action: (github["action"] as string | undefined) ?? null,
    uses: step.uses ?? null,
    name: `${prefixes[kind] ?? ""}${titleOf(step)}`,
    file: session.standIn.job.file,
    line: top.line,
  };
  const name = within ? `${within.name}.${step.id}` : step.id;
  const record = within?.record ?? recordOf(session, step, kind);
  return { session, scope, step, kind, github, origin, name, record };
}

/** A main step has the record of the job message, a pre or post step one of its own. */
function recordOf({ folders, standIn, records, log }: Session, { position }: Step, kind: Kind) {
  const main = kind === "main" ? records[position] : undefined;
  return new RecordLog(folders.root, standIn.plan_id, main ?? crypto.randomUUID(), log);
}

const remote = (uses: string) => (uses.startsWith("docker://") ? {} : referenceOf(uses));

const prefixes: Partial<Record<Kind, string>> = { pre: "Pre ", post: "Post " };

/** What GitHub shows for a step. */
export const titleOf = (step: Step): string =>
  step.name ?? `Run ${step.uses ?? step.run?.trim().split("\n")[0] ?? step.id}`;

/** What expressions in a step may name. */
export function contextsOf({ session, scope, github }: Frame, env: Texts): Contexts {
  const { standIn, runner } = session;
  return {
    github: { ...github, token: standIn.token },
    matrix: standIn.job.matrix ?? {},
    inputs: scope.inputs,
    secrets: { ...standIn.secrets, GITHUB_TOKEN: standIn.token },
    runner,
    env,
    steps: scope.steps,
  };
}

/** The `env` context of a step: that of the job, of the steps around it, and its own. */
export function envOf(frame: Frame): Record<string, string> {
  const { session, scope, step } = frame;
  const outer = { ...session.env, ...scope.within?.env };
  return { ...outer, ...evaluateAll(step.env, contextsOf(frame, outer)) };
}

/** Evaluates each value. */
export const evaluateAll = (texts: Texts, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, evaluate(text, contexts)]));

/** The variables of a step's process, later layers over earlier ones. */
export function variablesOf(frame: Frame, files: FileCommands, own: Texts): Record<string, string> {
  const { session, origin } = frame;
  const env = { ...envOf(frame), ...own };
  const path = [...session.path, env["PATH"] ?? process.env["PATH"] ?? ""].join(":");
  return {
    ...env,
    ...(session.path.length > 0 && { PATH: path }),
    ...contextVariables(session, { ...frame.github, ...files.context }),
    ACTIONS_ORCHESTRATION_ID: orchestrationId(session.standIn),
    ...truthVariables(session, origin),
  };
}

/** `GITHUB_…` and `RUNNER_…`. */
export function contextVariables(
  { runner }: Session,
  github: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const key of exportedKeys) {
    const value = github[key];
    if (value !== undefined) variables[`GITHUB_${key.toUpperCase()}`] = String(value ?? "");
  }
  for (const [key, value] of Object.entries(runner))
    variables[`RUNNER_${key.toUpperCase()}`] = value;
  return variables;
}

/** Ours, for `mark` and for the fixture of checkout; the real runner has nothing like it. */
export const truthVariables = ({ standIn }: Session, origin: Origin): Record<string, string> => ({
  STANDIN_TRUTH: originText(origin),
  STANDIN_TRUTH_FILE: standIn.truth,
  STANDIN_SOURCE: standIn.source,
});
