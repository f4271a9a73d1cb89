import type { Texts } from "../plan.ts";
import { execInContainer } from "./containers.ts";
import type { Frame } from "./frame.ts";
import { invoke } from "./invoke.ts";
import { which } from "./which.ts";

/** A program of a step, with paths of the host. */
export interface StepProgram {
  readonly program: string;
  readonly args: (script: string) => readonly string[];
  readonly script: string;
  /** Where the program is looked for. */
  readonly search: string;
  readonly cwd: string;
  readonly env: Texts;
}

/** Runs a step's program on the host, or in the job's container. */
export async function startStep(frame: Frame, step: StepProgram): Promise<number> {
  const { session, origin, record } = frame;
  const output = (text: string) => record.write(text);
  if (session.container !== undefined) return await execInContainer(frame, step);
  const file = which(step.program, step.search);
  if (file === undefined) throw new Error(`${step.program} is not on ${step.search}`);
  return await invoke(session, {
    file,
    args: step.args(step.script),
    cwd: step.cwd,
    env: step.env,
    origin,
    output,
  });
}
