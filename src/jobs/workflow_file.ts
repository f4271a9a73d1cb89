import { YamlFile } from "./yaml_nodes.ts";
import { stepsIn, type WrittenStep } from "./yaml_steps.ts";

/** One job of a workflow file. */
export interface WorkflowJob {
  /** As `GITHUB_JOB` says it. */
  readonly key: string;
  readonly name: string | null;
  /** From 1: of the job's key. */
  readonly line: number | null;
  /** The workflow that it calls, whose file then has the steps; null for a job with steps. */
  readonly uses: string | null;
  readonly steps: readonly WrittenStep[];
}

/**
 * Finds a job in the text of a workflow. The text is hostile.
 * @returns undefined when there is no such job, or the text is no YAML or beyond any limit
 */
export function parseWorkflowJob(text: string, job_key: string): WorkflowJob | undefined {
  const file = YamlFile.parse(text);
  if (!file) return undefined;
  const jobs = file.get(file.root, "jobs");
  const job = file.get(jobs, job_key);
  if (job === undefined) return undefined;
  const steps = stepsIn(file, file.get(job, "steps"));
  if (!steps) return undefined;
  return {
    key: job_key,
    name: file.text(file.get(job, "name")) ?? null,
    line: file.lineOfKey(jobs, job_key) ?? null,
    uses: file.text(file.get(job, "uses")) ?? null,
    steps,
  };
}
