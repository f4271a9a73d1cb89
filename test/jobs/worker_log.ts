/** A job message as the service sends it, for a job of a matrix in a workflow that was called. */
export const sampleMessage = {
  fileTable: [".github/workflows/ci.yml", "octo/shared/.github/workflows/test.yml@v1"],
  steps: [
    {
      type: "action",
      reference: {
        ...{ type: "repository", name: "actions/checkout", ref: "v4" },
        ...{ repositoryType: "GitHub", path: null },
      },
      inputs: { type: 2, map: [] },
      condition: "success()",
      id: "5e1b8b5e-6d4d-4d4c-8a8a-000000000001",
      name: "__actions_checkout",
    },
    {
      reference: { type: "script" },
      displayNameToken: { type: 0, file: 2, line: 12, col: 9, lit: 'Build "it" \\ now' },
      contextName: "build",
      inputs: {
        type: 2,
        map: [
          { Key: "shell", Value: { type: 0, file: 2, line: 14, col: 16, lit: "bash" } },
          {
            Key: "script",
            Value: { type: 0, file: 2, line: 13, col: 14, lit: "make\nmake test\n" },
          },
        ],
      },
      name: "build",
    },
    {
      reference: { type: "script" },
      displayNameToken: { type: 3, file: 2, line: 15, col: 9, expr: "matrix.os" },
      inputs: { type: 2, map: [{ Key: "script", Value: "x" }] },
      name: "__run",
    },
    {
      reference: { type: "Repository", repositoryType: "self", path: "./tools//x/", name: null },
      inputs: {
        ...{ type: 2, file: 2, line: 18, col: 11 },
        map: [{ Key: { type: 0, file: 2, line: 19, col: 11, lit: "a" }, Value: "b" }],
      },
      name: "__self",
    },
    {
      reference: { type: "containerregistry", image: "alpine:3.8" },
      inputs: null,
      name: "__alpine_3_8",
    },
    {
      reference: { type: "repository", name: "octo/many", ref: "main", path: "sub/dir" },
      inputs: { type: 2, file: 2, line: 25, col: 11, map: [] },
      name: "__octo_many",
    },
    { reference: { type: "wait" }, displayNameToken: "Wait", name: "__wait" },
  ],
  variables: {
    "system.github.job": { value: "test" },
    "system.workflowFileFullPath": { value: "octo/shared/.github/workflows/test.yml" },
    "system.workflowFileSha": { value: "c".repeat(40) },
    "system.github.token": { value: "***", isSecret: true },
  },
  jobId: "5e1b8b5e-6d4d-4d4c-8a8a-0000000000aa",
  jobDisplayName: "call / test (20, linux)",
  contextData: {
    github: {
      t: 2,
      d: [
        { k: "token", v: "***" },
        { k: "repository", v: "octo/hello" },
        { k: "run_id", v: "42" },
        { k: "run_attempt", v: 2 },
        { k: "workflow", v: "CI" },
        { k: "workflow_ref", v: "octo/hello/.github/workflows/ci.yml@refs/pull/7/merge" },
        { k: "workflow_sha", v: "b".repeat(40) },
        { k: "sha", v: "b".repeat(40) },
        { k: "ref", v: "refs/pull/7/merge" },
        { k: "event_name", v: "pull_request" },
        { k: "actor", v: "mona" },
        { k: "head_ref", v: "" },
        {
          k: "event",
          v: {
            t: 2,
            d: [
              { k: "number", v: 7 },
              {
                k: "pull_request",
                v: {
                  t: 2,
                  d: [
                    { k: "number", v: 7 },
                    { k: "head", v: { t: 2, d: [{ k: "sha", v: "a".repeat(40) }] } },
                  ],
                },
              },
            ],
          },
        },
      ],
    },
    job: { t: 2, d: [{ k: "check_run_id", v: 987654321 }] },
    matrix: {
      t: 2,
      d: [
        { k: "os", v: "linux" },
        { k: "node", v: 20 },
        { k: "more", v: { t: 1, a: [true, null, { t: 0, s: "x" }, { t: 4, n: 1.5 }] } },
      ],
    },
  },
};

const at = "[2026-04-11 02:45:56Z INFO";

/** The first lines of a Worker's log, up to its message. */
export const logHead = `${at} HostContext] Well known directory 'Bin': '/r/bin'\n${at} Worker] Job message:\n`;
export const logTail = `\n${at} Worker] Skipping message Job. Job id: 1\n`;

/** A whole log with that message as the Worker writes it: indented, its first line behind a space. */
export const workerLog = (message: unknown, mask = (text: string) => text): string =>
  `${logHead} ${mask(JSON.stringify(message, null, 2))}${logTail}`;
