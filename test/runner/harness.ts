import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import type { JobOptions } from "./job_options.ts";
import { type JobOutcome, type RunnerOptions, StandInRunner } from "./stand_in_runner.ts";
import type { Origin } from "./worker/truth.ts";

/** Path of a workflow of the corpus. */
export const workflow = (name: string): string =>
  resolve("test/workflows/repository/.github/workflows", `${name}.yml`);

/** A runner that listens; stopped and removed after the test. */
export async function startRunner(
  t: TestContext,
  options: Partial<RunnerOptions> = {},
): Promise<StandInRunner> {
  const runner = newRunner(options);
  t.after(() => removeRunner(runner));
  await runner.start();
  return runner;
}

/** A runner that is installed in a folder of its own. */
export function newRunner(options: Partial<RunnerOptions> = {}): StandInRunner {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "stand-in-"));
  const runner = new StandInRunner({ name: "runner-1", ...options, root });
  runner.install();
  return runner;
}

/** Stops it, and removes its folder. */
export async function removeRunner(runner: StandInRunner): Promise<void> {
  await runner.stop();
  rmSync(runner.root, { recursive: true, force: true });
}

/** A direct child of the Worker, as the truth file has it. */
export interface Child extends Origin {
  readonly pid: number;
  readonly start_time: number;
  readonly program: string;
}

/** A process that called `mark`. */
export interface Mark {
  readonly pid: number;
  readonly ppid: number;
  readonly start_time: number;
  readonly truth: string;
  readonly words: string;
}

export interface Truths {
  readonly job: Record<string, unknown>;
  readonly children: readonly Child[];
  readonly marks: readonly Mark[];
  /** What the runner itself made. */
  readonly containers: readonly Record<string, unknown>[];
  /** Undefined when the Worker did not come to its end. */
  readonly last: Record<string, unknown> | undefined;
}

/** The lines of a truth file, by type. */
export function truthsOf({ truth }: Pick<JobOutcome, "truth">): Truths {
  const lines = readFileSync(truth, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const of = (type: string) =>
    lines.filter((line) => line["type"] === type).map(({ type: _, ...rest }) => rest);
  return {
    job: of("job")[0] ?? {},
    children: of("child") as unknown as Child[],
    marks: of("mark") as unknown as Mark[],
    containers: of("container"),
    last: of("result")[0],
  };
}

export type Played = JobOutcome & Truths & { readonly runner: StandInRunner };

/** Plays a job of the corpus. */
export async function play(
  runner: StandInRunner,
  name: string,
  job: string,
  options: Partial<JobOptions> = {},
): Promise<Played> {
  const outcome = await runner.runJob({
    workflow: workflow(name),
    job,
    docker: { pull: false },
    ...options,
  });
  return { ...outcome, ...truthsOf(outcome), runner };
}

/** `main 2.1.0 __run`: phase, place and id of each child, in order. */
export const placesOf = ({ children }: Truths): string[] =>
  children.map(
    ({ kind, position, nested, action }) => `${kind} ${[position, ...nested].join(".")} ${action}`,
  );

/** A file in the workspace that the job leaves behind. */
export const inWorkspace = (runner: StandInRunner, file: string): string =>
  join(runner.root, "_work", "hello", "hello", file);

/** `KEY=value` lines. */
export const variablesIn = (text: string, separator = "\n"): Record<string, string> =>
  Object.fromEntries(
    text
      .split(separator)
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

const pauseMs = 5;
const patienceMs = 30_000;

/** Looks again until it is so; for what sends no event. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`${isSo} did not come true`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
