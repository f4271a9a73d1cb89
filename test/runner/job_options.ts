import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import type { DockerOptions, Identity, Scalars, StandIn, Texts } from "./plan.ts";
import { planJob } from "./workflow.ts";

/** A job to play. */
export interface JobOptions {
  /** Path of a file in `<repository>/.github/workflows`. */
  readonly workflow: string;
  /** Its key; `caller/called` for a job of a called workflow. */
  readonly job: string;
  readonly matrix?: Scalars;
  /** `owner/name`; its folder is the one that the workflow lies in. */
  readonly repository?: string;
  readonly event?: string;
  readonly event_payload?: Readonly<Record<string, unknown>>;
  readonly secrets?: Texts;
  /** Folder with `<owner>/<repo>/<ref>/`; by default `actions` beside the repository's folder. */
  readonly actions?: string;
  readonly docker?: Partial<DockerOptions>;
  /** Whatever else is known about the run. */
  readonly identity?: Partial<Identity>;
}

let runs = 9000;

/** Everything that the Worker needs, with made-up values for what is not given. */
export function standInOf(options: JobOptions, root: string, runner: string): StandIn {
  const workflow = resolve(options.workflow);
  const source = join(dirname(workflow), "..", "..");
  const { job: key, matrix } = options;
  const job = planJob({ source, workflow, job: key, matrix });
  const job_id = crypto.randomUUID();
  const name = `${job.path}-${job_id.slice(0, 8)}`;
  return {
    name: runner,
    job,
    identity: identityOf(options),
    job_id,
    plan_id: crypto.randomUUID(),
    secrets: options.secrets ?? {},
    token: `ghs_15368_${job_id.replaceAll("-", "")}`,
    actions: resolve(options.actions ?? join(source, "..", "actions")),
    source,
    docker: { network: "create", pull: true, socket: "/var/run/docker.sock", ...options.docker },
    truth: join(root, "truth", `${name}.jsonl`),
    log: join(root, "truth", `${name}.log`),
  };
}

function identityOf(options: JobOptions): Identity {
  const { repository = "octo/hello", event = "push", event_payload = {} } = options;
  const run = runs++;
  const sha = commit(`${repository} ${event}`);
  const request = event === "pull_request";
  return {
    repository,
    run_id: run * 1000 + (process.pid % 1000),
    run_attempt: 1,
    run_number: run,
    check_run_id: run * 100_000 + process.pid,
    event,
    event_payload: request
      ? { number: 5, pull_request: { head: { sha: commit("head") } }, ...event_payload }
      : event_payload,
    actor: "octocat",
    ref: request ? "refs/pull/5/merge" : "refs/heads/main",
    sha,
    workflow_sha: sha,
    head_ref: request ? "feature" : "",
    base_ref: request ? "main" : "",
    ...options.identity,
  };
}

const commit = (text: string): string => createHash("sha1").update(text).digest("hex");
