import { type Claim, type IdentityField, identityFields } from "./claim.ts";
import { headOf, type JobMessage } from "./job_message.ts";
import type { RunnerRecord } from "./runner_files.ts";
import type { StepEnvironment } from "./step_variables.ts";

export { type Claim, type ClaimSource, type IdentityField, identityFields } from "./claim.ts";
export {
  type Disagreement,
  type IdentityValues,
  jobName,
  type MergedIdentity,
  mergeIdentity,
} from "./merged_identity.ts";

type Said = Readonly<Partial<Record<IdentityField, string | null | undefined>>>;
type Origin = Pick<Claim, "source" | "confidence">;

/**
 * What the Worker told a process that it started. Each of these is of a context that no workflow can
 * write, so it is certain, as long as the process is a direct child of the Worker.
 * @param source "hook" when that process is the hook
 */
export function claimsOfEnvironment(
  environment: StepEnvironment,
  source: "environment" | "hook" = "environment",
): Claim[] {
  const said = {
    repository: environment.GITHUB_REPOSITORY,
    workflow: environment.GITHUB_WORKFLOW,
    workflow_ref: environment.GITHUB_WORKFLOW_REF,
    workflow_sha: environment.GITHUB_WORKFLOW_SHA,
    run_id: environment.GITHUB_RUN_ID,
    run_attempt: environment.GITHUB_RUN_ATTEMPT,
    job_key: environment.GITHUB_JOB,
    sha: environment.GITHUB_SHA,
    ref: environment.GITHUB_REF,
    event: environment.GITHUB_EVENT_NAME,
    actor: environment.GITHUB_ACTOR,
    runner_name: environment.RUNNER_NAME,
  };
  return claims({ ...said, ...headOfRef(said) }, { source, confidence: "certain" });
}

/** What the log of the Worker says, which the user of the runner can write. */
export function claimsOfMessage(message: JobMessage): Claim[] {
  const { github } = message;
  const context = {
    repository: github["repository"],
    workflow: github["workflow"],
    workflow_ref: github["workflow_ref"],
    workflow_sha: github["workflow_sha"],
    run_id: github["run_id"],
    run_attempt: github["run_attempt"],
    sha: github["sha"],
    ref: github["ref"],
    event: github["event_name"],
    actor: github["actor"],
  };
  const { called_workflow, called_workflow_sha, job_key, display_name, matrix } = message;
  const told = { called_workflow, called_workflow_sha, job_key, display_name, matrix };
  const head = headOfRef(context);
  const said = {
    ...{ ...context, ...told, check_run_id: message.check_run_id },
    head_sha: message.head_sha ?? head.head_sha,
    pull_request: message.pull_request ?? head.pull_request,
  };
  return claims(said, { source: "job_message", confidence: "high" });
}

/** What `.runner` says, which a job of the runner can write. */
export const claimsOfRunner = ({ name, id }: Pick<RunnerRecord, "name" | "id">): Claim[] =>
  claims(
    { runner_name: name, runner_id: id === null ? null : String(id) },
    { source: "runner_files", confidence: "low" },
  );

/** What the payload of the event says, in a file that each step can write. The text is hostile. */
export function claimsOfEvent(text: string): Claim[] {
  if (text.length > longestEvent) return [];
  return claims(headOf(jsonIn(text)), { source: "event_file", confidence: "low" });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    // The file of an attacker, or one that is being written: it says nothing.
    return undefined;
  }
}

/**
 * The head and the pull request as far as commit, ref and event tell them. For a pull request the
 * commit is a merge that it does not show; where an event is about another commit than it runs on,
 * only its payload has that.
 */
function headOfRef({ sha, ref, event }: Said): Pick<Said, "head_sha" | "pull_request"> {
  const pull_request = /^refs\/pull\/([0-9]{1,20})\/(?:merge|head)$/.exec(ref ?? "")?.[1];
  const isElsewhere = !event || pull_request !== undefined || aboutOthers.test(event);
  return { head_sha: isElsewhere ? undefined : sha, pull_request };
}

const aboutOthers = /^(?:pull_request|workflow_run$|issue_comment$)|\*\*\*/;

/** A value that is empty says nothing; one in which a secret was masked is not to be relied on. */
function claims(said: Said, { source, confidence }: Origin): Claim[] {
  return identityFields.flatMap((field) => {
    const value = said[field];
    if (!value) return [];
    const isMasked = source === "job_message" && value.includes("***");
    return { field, value, source, confidence: isMasked ? "low" : confidence };
  });
}

const longestEvent = 16 * 1024 * 1024;
