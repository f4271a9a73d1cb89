import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Claim,
  claimsOfEnvironment,
  claimsOfEvent,
  claimsOfMessage,
  claimsOfRunner,
  identityFields,
  jobName,
  mergeIdentity,
} from "../../src/jobs/identity.ts";
import { type JobMessage, parseJobMessage } from "../../src/jobs/job_message.ts";
import { sampleMessage, workerLog } from "./worker_log.ts";

const [a, b, c] = ["a".repeat(40), "b".repeat(40), "c".repeat(40)];

const pullRequest = {
  GITHUB_REPOSITORY: "octo/hello",
  GITHUB_WORKFLOW: "CI",
  GITHUB_WORKFLOW_REF: "octo/hello/.github/workflows/ci.yml@refs/pull/7/merge",
  GITHUB_WORKFLOW_SHA: b,
  GITHUB_RUN_ID: "42",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_JOB: "test",
  GITHUB_SHA: b,
  GITHUB_REF: "refs/pull/7/merge",
  GITHUB_EVENT_NAME: "pull_request",
  GITHUB_ACTOR: "mona",
  RUNNER_NAME: "build 1",
};

const said = (claims: readonly Claim[]) => claims.map(({ field, value }) => [field, value]);
const valuesOf = (claims: readonly Claim[]) => mergeIdentity(claims).values;

function sample(): JobMessage {
  const message = parseJobMessage(workerLog(sampleMessage));
  assert.ok(message);
  return message;
}

test("what the Worker told a process is certain", () => {
  const claims = claimsOfEnvironment(pullRequest);

  assert.deepEqual(said(claims), [
    ["repository", "octo/hello"],
    ["workflow", "CI"],
    ["workflow_ref", "octo/hello/.github/workflows/ci.yml@refs/pull/7/merge"],
    ["workflow_sha", b],
    ["run_id", "42"],
    ["run_attempt", "2"],
    ["job_key", "test"],
    ["sha", b],
    ["pull_request", "7"],
    ["ref", "refs/pull/7/merge"],
    ["event", "pull_request"],
    ["actor", "mona"],
    ["runner_name", "build 1"],
  ]);
  assert.ok(claims.every((one) => one.confidence === "certain" && one.source === "environment"));
  assert.ok(claimsOfEnvironment(pullRequest, "hook").every(({ source }) => source === "hook"));
});

test("what a workflow can set, and what is empty or missing, claims nothing", () => {
  assert.deepEqual(claimsOfEnvironment({}), []);
  assert.deepEqual(
    claimsOfEnvironment({
      ...{ GITHUB_ACTION_PATH: "/x", RUNNER_TRACKING_ID: "0", ACTIONS_ORCHESTRATION_ID: "p.j.d" },
      ...{ GITHUB_ACTION_REPOSITORY: "evil/x", GITHUB_REPOSITORY: "" },
    }),
    [],
  );
});

test("the head is the commit itself, but where the event is about another one", () => {
  const head = (event: string | undefined, ref = "refs/heads/main") =>
    valuesOf(
      claimsOfEnvironment({
        ...{ GITHUB_SHA: a, GITHUB_REF: ref },
        ...(event !== undefined && { GITHUB_EVENT_NAME: event }),
      }),
    ).head_sha;
  const own = ["push", "schedule", "workflow_dispatch", "merge_group", "release", "workflow_call"];
  const others = ["pull_request", "pull_request_target", "pull_request_review", "workflow_run"];

  assert.deepEqual(
    own.map((event) => head(event)),
    own.map(() => a),
  );
  for (const event of [...others, "pull_request_review_comment", "issue_comment", "", undefined]) {
    assert.equal(head(event), undefined);
  }
  assert.equal(head("workflow_dispatch", "refs/pull/7/merge"), undefined);
});

test("a pull request has a number only where its ref has one", () => {
  const number = (ref: string) => valuesOf(claimsOfEnvironment({ GITHUB_REF: ref })).pull_request;

  assert.equal(number("refs/pull/7/merge"), "7");
  assert.equal(number("refs/pull/7/head"), "7");
  for (const ref of ["refs/heads/refs/pull/7/merge", "refs/pull/x/merge", "refs/pull/7/merge/x"]) {
    assert.equal(number(ref), undefined);
  }
});

test("what the message says is high, and every field that it can tell is told", () => {
  const claims = claimsOfMessage(sample());

  assert.deepEqual(said(claims), [
    ["repository", "octo/hello"],
    ["workflow", "CI"],
    ["workflow_ref", "octo/hello/.github/workflows/ci.yml@refs/pull/7/merge"],
    ["workflow_sha", b],
    ["called_workflow", ".github/workflows/test.yml"],
    ["called_workflow_sha", c],
    ["run_id", "42"],
    ["run_attempt", "2"],
    ["job_key", "test"],
    ["display_name", "call / test (20, linux)"],
    ["matrix", '{"more":[true,null,"x",1.5],"node":20,"os":"linux"}'],
    ["check_run_id", "987654321"],
    ["sha", b],
    ["head_sha", a],
    ["pull_request", "7"],
    ["ref", "refs/pull/7/merge"],
    ["event", "pull_request"],
    ["actor", "mona"],
  ]);
  assert.ok(claims.every((one) => one.confidence === "high" && one.source === "job_message"));
});

test("a masked value of the message is low, and an event that is masked gives no head", () => {
  const github = { event_name: "pu***", sha: a, ref: "refs/heads/main" };
  const message = { ...sample(), github, head_sha: null, pull_request: null };
  const claims = claimsOfMessage(message);

  assert.deepEqual(
    claims.filter(({ field }) => ["event", "sha", "head_sha"].includes(field)),
    [
      { field: "sha", value: a, source: "job_message", confidence: "high" },
      { field: "event", value: "pu***", source: "job_message", confidence: "low" },
    ],
  );
});

test("what a job can write is low", () => {
  const low = { source: "runner_files", confidence: "low" };

  assert.deepEqual(claimsOfRunner({ name: "build 1", id: 0 }), [
    { field: "runner_name", value: "build 1", ...low },
    { field: "runner_id", value: "0", ...low },
  ]);
  assert.deepEqual(claimsOfRunner({ name: null, id: null }), []);
});

test("an event file tells the head of its pull request, or of the run that it is about", () => {
  const event = { source: "event_file", confidence: "low" };
  const pull = { pull_request: { number: 7, head: { sha: a } } };

  assert.deepEqual(claimsOfEvent(JSON.stringify(pull)), [
    { field: "head_sha", value: a, ...event },
    { field: "pull_request", value: "7", ...event },
  ]);
  assert.deepEqual(claimsOfEvent(`\ufeff{"workflow_run":{"head_sha":"${c}"}}`), [
    { field: "head_sha", value: c, ...event },
  ]);
  assert.deepEqual(claimsOfEvent(`{"pull_request":{},"number":"8"}`), [
    { field: "pull_request", value: "8", ...event },
  ]);
});

test("an event file that is hostile or of another event claims nothing", () => {
  const texts = [
    ...["", "{", "null", "[]", "5", '"x"', "[".repeat(1_000_000), "{}", '{"number":7}'],
    ...['{"pull_request":null,"number":7}', '{"pull_request":"x","number":7}'],
    ...['{"pull_request":{"number":-1,"head":{"sha":"main"}}}', '{"issue":{"number":7}}'],
    ...[`{"pull_request":{"number":1e99,"head":{"sha":"${a}\\n"}}}`, '{"workflow_run":[]}'],
    ...[`{"__proto__":{"pull_request":{"number":7}}}`, '{"pull_request":{"head":{"sha":["a"]}}}'],
    `{"pull_request":{"number":7}}${" ".repeat(16 * 1024 * 1024)}`,
  ];

  assert.deepEqual(texts.flatMap(claimsOfEvent), []);
  assert.equal(({} as Record<string, unknown>)["pull_request"], undefined);
});

test("the sources of one job agree, and together they know every field", () => {
  const event = JSON.stringify({ pull_request: { number: 7, head: { sha: a } } });
  const { values, disagreements } = mergeIdentity([
    ...claimsOfRunner({ name: "build 1", id: 3 }),
    ...claimsOfEvent(event),
    ...claimsOfMessage(sample()),
    ...claimsOfEnvironment(pullRequest),
    ...claimsOfEnvironment(pullRequest, "hook"),
  ]);

  assert.deepEqual(Object.keys(values), [...identityFields]);
  assert.deepEqual(disagreements, []);
  assert.equal(values.head_sha, a);
});

test("the most trusted is believed, and who says otherwise is told", () => {
  const claim = (field: "run_id" | "actor", value: string, from: string): Claim => {
    const [source, confidence] = from.split(" ") as [Claim["source"], Claim["confidence"]];
    return { field, value, source, confidence };
  };

  const merged = mergeIdentity([
    claim("run_id", "3", "event_file low"),
    claim("run_id", "2", "webhook high"),
    claim("run_id", "2", "api high"),
    claim("run_id", "1", "hook certain"),
    claim("actor", "eve", "job_message high"),
    claim("run_id", "1", "environment certain"),
    claim("run_id", "1", "job_message high"),
    claim("run_id", "1", "job_message high"),
    claim("actor", "mona", "environment certain"),
  ]);

  assert.deepEqual(merged, {
    values: { run_id: "1", actor: "mona" },
    disagreements: [
      {
        field: "run_id",
        values: [
          { value: "1", sources: ["environment", "hook", "job_message"] },
          { value: "2", sources: ["api", "webhook"] },
          { value: "3", sources: ["event_file"] },
        ],
      },
      {
        field: "actor",
        values: [
          { value: "mona", sources: ["environment"] },
          { value: "eve", sources: ["job_message"] },
        ],
      },
    ],
  });
  assert.deepEqual(mergeIdentity([]), { values: {}, disagreements: [] });
});

test("a masked value agrees with what fits it, and is never preferred", () => {
  const merged = (masked: string, value: string, source: Claim["source"] = "job_message") =>
    mergeIdentity([
      { field: "ref", value: masked, source, confidence: "low" },
      { field: "ref", value, source: "event_file", confidence: "low" },
    ]);
  const fits = [
    ["***", "x"],
    ["a***", "abc"],
    ["***c", "abc"],
    ["a***c***e", "abcde"],
    ["a***b***b", "a-b-b"],
  ] as const;
  const differ = [
    ["a***", "bc"],
    ["***c", "cb"],
    ["ab***ba", "aba"],
    ["a***x***e", "abcde"],
    ["a***b***b", "a-b"],
  ] as const;

  for (const [masked, value] of fits) {
    assert.deepEqual(merged(masked, value), { values: { ref: value }, disagreements: [] });
  }
  for (const [masked, value] of differ) {
    const { values, disagreements } = merged(masked, value);
    assert.deepEqual([values, disagreements.length], [{ ref: value }, 1]);
  }
  // Only the log is masked: a workflow of that name hides nothing.
  assert.equal(merged("***", "x", "api").disagreements.length, 1);
  assert.equal(merged("***", "x", "runner_files").disagreements.length, 1);
});

test("a job is called as a person calls it, as far as it is known", () => {
  const [repository, workflow, job_key] = ["octo/hello", "CI", "test"];
  const matrix = '{"more":{"a":1},"node":20,"none":null,"os":"linux"}';
  const workflow_ref = "octo/hello/.github/workflows/ci.yml@refs/heads/a/b";
  const names = [
    [
      { repository, workflow, display_name: "test (20, linux)", job_key },
      "octo/hello: CI / test (20, linux)",
    ],
    [{ repository, workflow, job_key, matrix }, "octo/hello: CI / test (20, linux)"],
    [{ repository, workflow, job_key }, "octo/hello: CI / test"],
    [{ repository, workflow_ref, job_key, matrix: "{***" }, "octo/hello: ci.yml / test"],
    [{ repository, workflow, run_id: "42" }, "octo/hello: CI / run 42"],
    [{ repository }, "octo/hello"],
    [{ workflow, job_key, matrix: "[]" }, "CI / test"],
    [{ display_name: "a\n\t b\r" }, "a b"],
    [{ matrix }, "unknown job"],
    [{ display_name: " " }, "unknown job"],
    [{}, "unknown job"],
    [{ display_name: "x".repeat(1000) }, "x".repeat(300)],
  ] as const;

  assert.deepEqual(
    names.map(([values]) => jobName(values)),
    names.map(([, name]) => name),
  );
});
