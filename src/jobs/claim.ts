/** What is known of a job. `head_sha` is the commit that a pull request shows its checks on. */
export const identityFields = [
  "repository",
  "workflow",
  "workflow_ref",
  "workflow_sha",
  "called_workflow",
  "called_workflow_sha",
  "run_id",
  "run_attempt",
  "job_key",
  "display_name",
  "matrix",
  "check_run_id",
  "sha",
  "head_sha",
  "pull_request",
  "ref",
  "event",
  "actor",
  "runner_name",
  "runner_id",
] as const;

export type IdentityField = (typeof identityFields)[number];

/** Who says something about a job; of two that are worth the same, the first is believed. */
export const claimSources = [
  "environment",
  "hook",
  "job_message",
  "api",
  "webhook",
  "event_file",
  "runner_files",
] as const;

export type ClaimSource = (typeof claimSources)[number];

/** What one source says about a job. */
export interface Claim {
  readonly field: IdentityField;
  readonly value: string;
  readonly source: ClaimSource;
  readonly confidence: "certain" | "high" | "low";
}
