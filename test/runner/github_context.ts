import type { StandIn } from "./plan.ts";

/** The `github` context as the service sends it: what changes from step to step is not in it. */
export function githubContext({ job, identity, token }: StandIn): Record<string, unknown> {
  const { repository, ref, sha } = identity;
  const [owner = ""] = repository.split("/");
  return {
    token,
    job: job.key,
    ref,
    sha,
    repository,
    repository_owner: owner,
    repository_id: "424242",
    repository_owner_id: "4242",
    repository_visibility: "private",
    repositoryUrl: `git://github.com/${repository}.git`,
    run_id: String(identity.run_id),
    run_number: String(identity.run_number),
    run_attempt: String(identity.run_attempt),
    retention_days: "90",
    artifact_cache_size_limit: "10",
    actor: identity.actor,
    actor_id: "1",
    triggering_actor: identity.actor,
    workflow: job.workflow_name,
    workflow_ref: `${repository}/${job.workflow_file}@${ref}`,
    workflow_sha: identity.workflow_sha,
    head_ref: identity.head_ref,
    base_ref: identity.base_ref,
    event_name: identity.event,
    event: identity.event_payload,
    server_url: "https://github.com",
    api_url: "https://api.github.com",
    graphql_url: "https://api.github.com/graphql",
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    ref_protected: "false",
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    secret_source: "Actions",
  };
}

/** Keys of the context that a step gets as `GITHUB_…`; neither `token` nor `event` is among them. */
export const exportedKeys: readonly string[] = [
  ..."action_path action_ref action_repository action actor actor_id api_url artifacts".split(" "),
  ..."artifacts_list base_ref env event_name event_path graphql_url head_ref job output".split(" "),
  ..."path ref_name ref_protected ref_type ref repository repository_id".split(" "),
  ..."repository_owner repository_owner_id retention_days run_attempt run_id".split(" "),
  ..."run_number server_url sha state step_summary triggering_actor workflow".split(" "),
  ..."workflow_ref workflow_sha workspace".split(" "),
];
