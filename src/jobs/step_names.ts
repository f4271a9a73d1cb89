import type { JobMessage, MessageStep } from "./job_message.ts";
import type { Step } from "./step.ts";
import type { WorkflowJob } from "./workflow_file.ts";
import type { WrittenStep } from "./yaml_steps.ts";

/** A step of the job, from what the runner was told and from the workflow's file. */
export interface KnownStep {
  readonly position: number;
  /** What `GITHUB_ACTION` is for it; null where that is not known. */
  readonly action: string | null;
  readonly name: string | null;
  readonly uses: string | null;
  readonly run: string | null;
  /** Only the file tells; null without it: it may be. */
  readonly is_background: boolean | null;
  readonly is_skippable: boolean;
  readonly file: string | null;
  readonly line: number | null;
}

/** Puts both sources together. What the runner was told decides; the file adds what fits it. */
export function knownSteps(knowledge: {
  readonly message?: JobMessage | undefined;
  readonly workflow?: WorkflowJob | undefined;
  readonly file?: string | undefined;
}): readonly KnownStep[] {
  const { message, workflow, file = null } = knowledge;
  const written = workflow?.steps ?? [];
  if (!message) return written.map((step) => ofFile(step, file));
  const fits = isSame(message.steps, written);
  return message.steps.map((told) => {
    const step = fits ? written[told.position] : undefined;
    return {
      position: told.position,
      action: told.action,
      name: told.name ?? step?.name ?? null,
      uses: told.uses,
      run: step?.run ?? null,
      is_background: step?.is_background ?? null,
      // Without the file nobody has told whether it has a condition.
      is_skippable: step?.is_skippable ?? true,
      file: step ? file : told.file,
      // Of an action only the lines of its name and its inputs are told.
      line: step?.line ?? (told.kind === "run" ? told.line : null),
    };
  });
}

const ofFile = (step: WrittenStep, file: string | null): KnownStep => ({
  position: step.position,
  action: step.id,
  name: step.name,
  uses: step.uses,
  run: step.run,
  is_background: step.is_background,
  is_skippable: step.is_skippable,
  ...{ file, line: step.line },
});

/** Whether the file has the steps that the runner was told: a job can have changed it since. */
const isSame = (told: readonly MessageStep[], written: readonly WrittenStep[]): boolean =>
  told.length === written.length &&
  told.every((step, at) => {
    const other = written[at];
    return other?.uses === step.uses && (other.id === null || other.id === step.action);
  });

/** What people call a step, and where it stands. */
export function describe(
  { phase, uses, name, action, nested }: Step,
  known: KnownStep | undefined,
): Pick<Step, "name" | "file" | "line" | "uses"> {
  const { file = null, line = null } = known ?? {};
  const isNested = nested !== null && nested.length > 0;
  const what = isNested ? uses : (uses ?? known?.uses ?? null);
  if (fixed[phase]) return { name: fixed[phase], file, line, uses: null };
  const outer =
    known?.name ?? (known ? `Run ${known.uses ?? firstLine(known.run)}`.trim() : action);
  const inner = isNested && what !== null ? `${outer} › ${what}` : outer;
  const before = phase === "pre" ? "Pre " : phase === "post" ? "Post " : "";
  return { name: known || name === "" ? before + inner : name, file, line, uses: what };
}

const fixed: Readonly<Partial<Record<Step["phase"], string>>> = {
  set_up: "Set up job",
  hook_started: "Set up runner",
  hook_completed: "Complete runner",
};

const firstLine = (run: string | null): string => (run ?? "").trimStart().split("\n")[0] ?? "";
