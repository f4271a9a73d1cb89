import { type Contexts, piecesOf } from "./expressions.ts";
import { githubContext } from "./github_context.ts";
import type { Place, StandIn, Step, Texts } from "./plan.ts";

/**
 * The job message as the service sends it, secrets in clear. Only what the runner or a reader of its
 * log looks at is there; `standIn` is ours and is not in the log.
 */
export function jobMessage(standIn: StandIn) {
  const { job, identity, job_id, plan_id, token } = standIn;
  const called = job.file !== job.workflow_file;
  const fileTable = called ? [job.workflow_file, job.file] : [job.workflow_file];
  return {
    fileTable,
    mask: Object.values(standIn.secrets).map((value) => ({ type: "regex", value })),
    steps: job.steps.map((step) => stepToken(step, fileTable.length)),
    variables: variables(standIn, called),
    messageType: "RunnerJobRequest",
    plan: { scopeIdentifier: plan_id, planId: plan_id, planType: "free", version: 12 },
    timeline: { id: plan_id, changeId: 1, location: null },
    jobId: job_id,
    jobDisplayName: job.display_name,
    jobName: job.key,
    requestId: 0,
    resources: {
      endpoints: [
        {
          data: { ServerId: plan_id, ServerName: "stand-in" },
          name: "SystemVssConnection",
          url: "https://pipelines.invalid/",
          authorization: { parameters: { AccessToken: token }, scheme: "OAuth" },
          isShared: false,
          isReady: true,
        },
      ],
      repositories: [],
    },
    contextData: {
      github: contextData(githubContext(standIn)),
      inputs: contextData(job.inputs),
      job: contextData({
        check_run_id: identity.check_run_id,
        workflow_file_path: job.file,
        workflow_ref: `${identity.repository}/${job.file}@${identity.ref}`,
        workflow_repository: identity.repository,
        workflow_sha: identity.workflow_sha,
      }),
      matrix: job.matrix === null ? null : contextData(job.matrix),
      needs: contextData({}),
      strategy: contextData({
        "fail-fast": true,
        "job-index": job.matrix_index,
        "job-total": job.matrix_total,
        "max-parallel": job.matrix_total,
      }),
      vars: contextData({}),
    },
    environmentVariables: [mapToken(job.env)],
    defaults: [],
    jobContainer: job.container ? job.container.image : null,
    jobServiceContainers: null,
    jobOutputs: null,
    fileTableBase: null,
    standIn,
  };
}

export type JobMessage = ReturnType<typeof jobMessage>;

/** `<plan>.<job>.__default`, or `.<n>` for a leg of a matrix: unique for each instance of a job. */
export const orchestrationId = ({ plan_id, job }: StandIn): string =>
  `${plan_id}.${job.path}.${job.matrix === null ? "__default" : `_${job.matrix_index}`}`;

function variables(standIn: StandIn, called: boolean) {
  const { job, identity, secrets, token } = standIn;
  const open: Record<string, string> = {
    "actions.runner.usenode24bydefault": "true",
    actions_add_check_run_id_to_job_context: "true",
    actions_set_orchestration_id_env_for_actions: "true",
    "system.github.job": job.key,
    "system.github.token.permissions": '{"Contents":"read","Metadata":"read"}',
    "system.orchestrationId": orchestrationId(standIn),
    "system.runnerGroupName": "Default",
    ...(called && {
      "system.workflowFileFullPath": `${identity.repository}/${job.file}`,
      "system.workflowFileSha": identity.workflow_sha,
      "system.workflowFileRef": identity.ref,
    }),
  };
  const secret = { ...secrets, "system.github.token": token };
  const entry = (isSecret: boolean) => (pair: readonly [string, string]) =>
    [pair[0], isSecret ? { value: pair[1], isSecret } : { value: pair[1] }] as const;
  return Object.fromEntries([
    ...Object.entries(open).map(entry(false)),
    ...Object.entries(secret).map(entry(true)),
  ]);
}

function stepToken(step: Step, file: number) {
  const { places } = step;
  const inputs =
    step.run === undefined
      ? mapToken(step.with, { file, at: places.with, inputs: places.inputs })
      : mapToken({ script: step.run }, { file, at: places.run, inputs: { script: places.run } });
  return {
    type: "action",
    reference: referenceOf(step.uses),
    ...(step.name !== undefined && { displayNameToken: textToken(step.name, file, places.name) }),
    contextName: step.id,
    inputs,
    condition: step.condition,
    id: crypto.randomUUID(),
    name: step.id,
  };
}

function referenceOf(uses: string | undefined) {
  if (uses === undefined) return { type: "script" };
  if (uses.startsWith("docker://")) return { type: "containerregistry", image: uses.slice(9) };
  const [path = "", ref = null] = uses.split("@");
  if (path.startsWith("./")) {
    return { type: "repository", name: null, ref: null, repositoryType: "self", path };
  }
  const parts = path.split("/");
  return {
    type: "repository",
    name: parts.slice(0, 2).join("/"),
    ref,
    repositoryType: "GitHub",
    path: parts.slice(2).join("/") || null,
  };
}

interface Where {
  readonly file: number;
  readonly at: Place | undefined;
  readonly inputs: Readonly<Record<string, Place | undefined>>;
}

function mapToken(texts: Texts, where?: Where) {
  const map = Object.entries(texts).map(([Key, text]) => ({
    Key,
    Value: textToken(text, where?.file, where?.inputs[Key]),
  }));
  return { type: 2, ...placed(where?.file, where?.at), map };
}

/** A literal has type 0, what holds an expression type 3. */
function textToken(text: string, file?: number, place?: Place) {
  const pieces = piecesOf(text);
  const [only] = pieces;
  if (pieces.every(({ path }) => path === undefined)) {
    return { type: 0, ...placed(file, place), lit: text };
  }
  if (pieces.length === 1) return { type: 3, ...placed(file, place), expr: only?.path };
  const paths = pieces.flatMap(({ path }) => (path === undefined ? [] : [path]));
  let index = 0;
  const format = pieces.map(({ text }) => text?.replaceAll("'", "''") ?? `{${index++}}`).join("");
  return { type: 3, ...placed(file, place), expr: `format('${format}', ${paths.join(", ")})` };
}

const placed = (file?: number, place?: Place) =>
  file === undefined || place === undefined ? {} : { file, line: place.line, col: place.col };

/** `{"t": 2, "d": [{"k": …, "v": …}]}` for a mapping, `{"t": 1, "a": […]}` for a list. */
function contextData(value: unknown): unknown {
  if (Array.isArray(value)) return { t: 1, a: value.map(contextData) };
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Contexts);
  return { t: 2, d: entries.map(([k, v]) => ({ k, v: contextData(v) })) };
}
