import type { StepRow } from "./steps.ts";

const phases: Readonly<Record<string, string>> = {
  set_up: "set-up",
  hook_started: "started hook",
  pre: "pre",
  main: "step",
  post: "post",
  hook_completed: "completed hook",
};

/** A step in a few words, such as `step 3 Run tests` or `post 1 Post Check out`. Hostile. */
export function stepText({ phase, position, nested, name }: StepRow): string {
  const what = phases[phase] ?? "step";
  const place =
    position === null ? "" : ` ${[position, ...(nested ?? [])].map((at) => at + 1).join(".")}`;
  return `${what}${place} ${name}`.trim();
}
