import assert from "node:assert/strict";
import { test } from "node:test";
import { type JobMessage, parseJobMessage, resolvedActions } from "../../src/jobs/job_message.ts";
import { fieldOf } from "../../src/jobs/loose_values.ts";
import { logHead, logTail, sampleMessage, workerLog } from "./worker_log.ts";

const file = "octo/shared/.github/workflows/test.yml@v1";
const nowhere = { file: null, line: null };

const expected: JobMessage = {
  steps: [
    {
      ...{ action: "__actions_checkout", position: 0, kind: "repository" },
      ...{ uses: "actions/checkout@v4", name: null, ...nowhere },
    },
    {
      ...{ action: "build", position: 1, kind: "run", uses: null },
      ...{ name: 'Build "it" \\ now', file, line: 13 },
    },
    { action: "__run", position: 2, kind: "run", uses: null, name: null, file, line: 15 },
    { action: "__self", position: 3, kind: "local", uses: "./tools/x", name: null, file, line: 19 },
    {
      ...{ action: "__alpine_3_8", position: 4, kind: "docker", uses: "docker://alpine:3.8" },
      ...{ name: null, ...nowhere },
    },
    {
      ...{ action: "__octo_many", position: 5, kind: "repository" },
      ...{ uses: "octo/many/sub/dir@main", name: null, file, line: 25 },
    },
    { action: "__wait", position: 6, kind: "unknown", uses: null, name: "Wait", ...nowhere },
  ],
  display_name: "call / test (20, linux)",
  check_run_id: "987654321",
  called_workflow: ".github/workflows/test.yml",
  called_workflow_sha: "c".repeat(40),
  github: {
    token: "***",
    repository: "octo/hello",
    run_id: "42",
    run_attempt: "2",
    workflow: "CI",
    workflow_ref: "octo/hello/.github/workflows/ci.yml@refs/pull/7/merge",
    workflow_sha: "b".repeat(40),
    sha: "b".repeat(40),
    ref: "refs/pull/7/merge",
    event_name: "pull_request",
    actor: "mona",
  },
  head_sha: "a".repeat(40),
  pull_request: "7",
  job_key: "test",
  matrix: '{"more":[true,null,"x",1.5],"node":20,"os":"linux"}',
  files: [".github/workflows/ci.yml", file],
  is_whole: true,
};

const nothing: JobMessage = {
  ...{ steps: [], display_name: null, check_run_id: null },
  ...{ called_workflow: null, called_workflow_sha: null, github: {}, head_sha: null },
  ...{ pull_request: null, job_key: null, matrix: null, files: [], is_whole: true },
};

const masked = (secret: string): JobMessage | undefined =>
  parseJobMessage(workerLog(sampleMessage, (text) => text.replaceAll(secret, "***")));

/** Of a message that is not whole, only lines of scripts and names are relied on. */
const broken: JobMessage = {
  ...expected,
  steps: expected.steps.map((step) =>
    step.action === "__self" || step.action === "__octo_many" || step.action === "__run"
      ? { ...step, ...nowhere }
      : step,
  ),
  is_whole: false,
};

type Place = Pick<JobMessage["steps"][number], "action" | "position" | "line">;

/** The steps' places in their file, which nothing may move. */
const places = (message: JobMessage | undefined): Place[] | undefined =>
  message?.steps.map(({ action, position, line }) => ({ action, position, line }));

test("a whole message is read, and every field of it", () => {
  assert.deepEqual(parseJobMessage(workerLog(sampleMessage)), expected);
});

test("a message is read with the other line ends, and when it stands in one line", () => {
  const windows = workerLog(sampleMessage).replaceAll("\n", "\r\n");
  const short = `${logHead} ${JSON.stringify(sampleMessage)}`;

  assert.deepEqual(parseJobMessage(windows), expected);
  assert.deepEqual(parseJobMessage(short), expected);
});

test("of several messages the last one counts", () => {
  const first = workerLog({ ...sampleMessage, jobDisplayName: "first" });

  assert.deepEqual(parseJobMessage(first + workerLog(sampleMessage)), expected);
});

test("a log that is still being written has no message until that has ended", () => {
  const log = workerLog(sampleMessage);
  const end = log.length - logTail.length;
  const ends = [0, 1, 60, logHead.length, logHead.length + 3, end - 2000, end - 2, end - 1];

  assert.deepEqual(
    ends.map((cut) => parseJobMessage(log.slice(0, cut))),
    ends.map(() => undefined),
  );
  assert.deepEqual(parseJobMessage(log.slice(0, end)), expected);
  assert.deepEqual(parseJobMessage(log.slice(0, end + 1)), expected);
});

test("a message that has not ended is waited for, though one before it has", () => {
  assert.equal(parseJobMessage(`${workerLog(sampleMessage)}${logHead} {\n  "steps": [`), undefined);
});

test("a broken message counts as ended when the next line of the log is there", () => {
  const log = workerLog(sampleMessage, (text) => text.replaceAll("}", "***"));
  const end = log.length - logTail.length;

  assert.equal(parseJobMessage(log.slice(0, end)), undefined);
  assert.deepEqual(places(parseJobMessage(log)), places(broken));
});

test("secrets that are brackets or parts of texts and numbers cost what they stand in", () => {
  const partial = { ...broken, matrix: null };

  for (const secret of ["{", "}", "[", "]"]) assert.deepEqual(masked(secret), partial);
  assert.deepEqual(masked(":"), {
    ...partial,
    steps: partial.steps.map((step) => ({
      ...step,
      uses: step.uses?.replace("docker://alpine:", "docker://alpine***") ?? null,
    })),
  });
  assert.deepEqual(masked('linux"'), partial);
  assert.deepEqual(masked('"value": "test"'), { ...partial, job_key: null });
  assert.deepEqual(masked("987654321"), { ...broken, check_run_id: null });
  assert.deepEqual(masked("4321"), { ...broken, check_run_id: null });
  assert.deepEqual(masked('"CI"'), { ...broken, github: { ...expected.github, workflow: "***" } });
});

test("a backslash that masking cut from its character stands for itself", () => {
  const text = (secret: string) => masked(secret)?.steps[1]?.name;

  assert.equal(text('"it'), 'Build \\***" \\ now');
  assert.equal(text('it\\"'), 'Build "*** \\ now');
  assert.deepEqual(places(masked("\\")), places(broken));
  assert.deepEqual(places(masked("\\n")), places(expected));
});

test("what masking is known to do to a value is mended", () => {
  const log = (line: string) =>
    `${logHead} {\n  "variables": {\n    "a": {\n${line}\n    },\n    "system.github.job": "k"\n  }\n}`;

  for (const line of ['      "value": ***', '      "value": \\"***\\"', '      "v\\***": 1***,']) {
    assert.deepEqual(parseJobMessage(log(line)), { ...nothing, job_key: "k", is_whole: false });
  }
});

test("a line number that is masked is not replaced by that of another token", () => {
  const steps = [
    {
      reference: { type: "script" },
      displayNameToken: { type: 0, file: 1, line: 20, col: 9, lit: "n" },
      inputs: {
        type: 2,
        map: [{ Key: "script", Value: { type: 0, file: 1, line: 31, lit: "x" } }],
      },
      name: "__run",
    },
  ];
  const message = { fileTable: ["a.yml"], steps };
  const log = workerLog(message, (text) => text.replaceAll("3", "***"));

  assert.deepEqual(parseJobMessage(log), {
    ...{ ...nothing, files: ["a.yml"], is_whole: false },
    steps: [
      {
        action: "__run",
        position: 0,
        kind: "run",
        uses: null,
        name: "n",
        file: "a.yml",
        line: null,
      },
    ],
  });
});

test("steps behind an element that is none have no sure position, and are left out", () => {
  const [one, two, three] = sampleMessage.steps;
  const steps = parseJobMessage(workerLog({ steps: [one, two, "***", three] }))?.steps;

  assert.deepEqual(
    steps?.map(({ action }) => action),
    ["__actions_checkout", "build"],
  );
});

test("whichever text is masked, no step is at a wrong place", () => {
  const right = new Map(places(expected)?.map((place) => [place.action, place]));
  const text = JSON.stringify(sampleMessage, null, 2);
  const secrets = new Set<string>();
  for (let at = 0; at < text.length - 1; at += 1) secrets.add(text.slice(at, at + 1));
  for (let at = 0; at < text.length - 3; at += 1) secrets.add(text.slice(at, at + 3));
  for (let at = 0; at < text.length - 8; at += 5) secrets.add(text.slice(at, at + 8));

  const isWrong = ({ action, position, line }: Place): boolean => {
    const place = right.get(action);
    return !!place && (place.position !== position || (line !== null && line !== place.line));
  };
  const wrong = [...secrets].flatMap((secret) => {
    const found = places(masked(secret))?.filter(isWrong) ?? [];
    return found.map((place) => ({ secret, ...place }));
  });

  assert.ok(secrets.size > 500);
  assert.deepEqual(wrong, []);
});

test("a job of the caller has no called workflow, though its context names a file", () => {
  const context = (path: string) => ({
    contextData: {
      github: { workflow_ref: "o/r/.github/workflows/ci.yml@refs/heads/main" },
      job: { workflow_file_path: path, workflow_repository: "o/r", workflow_sha: "d" },
    },
  });
  const github = { workflow_ref: "o/r/.github/workflows/ci.yml@refs/heads/main" };

  assert.deepEqual(parseJobMessage(workerLog(context(".github/workflows/ci.yml"))), {
    ...nothing,
    github,
  });
  assert.deepEqual(parseJobMessage(workerLog(context(".github/workflows/other.yml"))), {
    ...{ ...nothing, github },
    ...{ called_workflow: ".github/workflows/other.yml", called_workflow_sha: "d" },
  });
});

test("the head of a run that another run is about is that run's", () => {
  const event = (fields: object) => ({ contextData: { github: { event: fields } } });
  const head = (fields: object) => parseJobMessage(workerLog(event(fields)));

  assert.deepEqual(head({ workflow_run: { head_sha: "e".repeat(40) }, number: 5 }), {
    ...nothing,
    head_sha: "e".repeat(40),
  });
  assert.deepEqual(head({ pull_request: { head: { sha: "E".repeat(40) } }, number: 1.5 }), nothing);
  assert.deepEqual(head({ pull_request: "***", workflow_run: [] }), nothing);
});

test("names that every object has mean nothing, and change nothing", () => {
  const pairs = ["__proto__", "constructor", "toString", "hasOwnProperty"].map((k) => ({
    k,
    v: { t: 2, d: [{ k: "polluted", v: "yes" }] },
  }));
  const texts = ["__proto__", "not a name", "é", "x".repeat(101)].map((k) => ({ k, v: "text" }));
  const hostile = {
    contextData: {
      github: { t: 2, d: [...pairs, ...texts] },
      matrix: { t: 2, d: [{ k: "__proto__", v: 1 }] },
    },
  };
  const text = JSON.stringify(hostile, null, 2).replace("{", '{\n  "__proto__": {"steps": [{}]},');
  const both = [text, text.replaceAll(" }", " ***")].map((one) => `${logHead} ${one}${logTail}`);

  assert.deepEqual(both.map(parseJobMessage), [
    { ...nothing, matrix: '{"__proto__":1}' },
    { ...nothing, is_whole: false },
  ]);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test("what an object only inherits is no field of it", () => {
  const inherited = Object.create({ a: "b" });

  assert.equal(fieldOf(inherited, "a"), undefined);
  assert.equal(fieldOf({}, "constructor"), undefined);
  assert.equal(fieldOf({ a: 1 }, "a"), 1);
});

test("what is no message is none, and what is odd in one is left out", () => {
  for (const text of ["", "null", "[]", "5", '"steps"', "{}", "***", "\n\n", "}", "{\n  }\n}"]) {
    assert.equal(parseJobMessage(`${logHead} ${text}${logTail}`), undefined);
  }
  const odd = {
    fileTable: { 0: "x" },
    steps: [{}, { name: 5 }, { name: "a", reference: 7, inputs: { map: [null, 1] } }],
    variables: [],
    contextData: { github: { t: 2, d: [null, 5, { k: 1, v: 2 }] }, job: 5, matrix: { t: 2 } },
    jobDisplayName: ["x"],
  };

  assert.deepEqual(parseJobMessage(workerLog(odd)), {
    ...nothing,
    steps: [{ action: "a", position: 2, kind: "unknown", uses: null, name: null, ...nowhere }],
  });
});

test("a message in the middle of a line, or of another part of the runner, is none", () => {
  const body = `\n {\n  "steps": []\n}${logTail}`;
  const lines = ["x [2026-04-11 02:45:56Z INFO Worker] Job message:", "Job message:"];
  const other = "[2026-04-11 02:45:56Z INFO JobRunner] Job message:";

  for (const line of [...lines, other]) assert.equal(parseJobMessage(line + body), undefined);
});

test("values without end are cut or left out", () => {
  const many = Array.from({ length: 5000 }, (_, k) => ({ k: `k${k}`, v: "x".repeat(10) }));
  const long = {
    jobDisplayName: "x".repeat(10_000),
    steps: Array.from({ length: 1001 }, () => ({ name: "a" })),
    contextData: { matrix: { t: 2, d: many } },
  };
  const deep = `${'{"t":2,"d":[{"k":"k","v":'.repeat(50_000)}1${"}]}".repeat(50_000)}`;
  const step = `{"name":"a","reference":{"type":"script"},"x":${deep}}`;
  const text = `{"steps":[${step}],"contextData":{"matrix":${deep},"github":${deep}}}`;

  assert.deepEqual(parseJobMessage(workerLog(long)), {
    ...nothing,
    display_name: "x".repeat(4096),
  });
  assert.deepEqual(parseJobMessage(`${logHead} ${text}${logTail}`), {
    ...nothing,
    steps: [{ action: "a", position: 0, kind: "run", uses: null, name: null, ...nowhere }],
    matrix: `${'{"k":'.repeat(32)}null${"}".repeat(32)}`,
  });
});

test("a log of 5 MB is read, hostile ones too, and one of more than 16 MiB is not", () => {
  const mega = 5_000_000;
  const line = "[2026-04-11 02:45:57Z INFO Worker] x\n";
  const hostile = [" ", "\n", "\\", '"', "***", ": ***\n", ':\\"', "\t\n", "}\n", '"a": {\n'];
  const deep = ['{"a":'.repeat(100_000), "[".repeat(500_000)];
  const texts = [...hostile.map((one) => one.repeat(mega / one.length)), ...deep];

  assert.deepEqual(
    parseJobMessage(workerLog(sampleMessage) + line.repeat(mega / line.length)),
    expected,
  );
  for (const text of texts) {
    assert.equal(parseJobMessage(`${logHead} ${text}${logTail}`), undefined);
    assert.equal(parseJobMessage(`${logHead} ${text}`), undefined);
  }
  assert.equal(parseJobMessage(workerLog(sampleMessage).padEnd(16 * 1024 * 1024 + 1)), undefined);
});

test("the commits of actions are read from the archives that were saved", () => {
  const at = "[2026-04-11 02:45:57Z INFO ActionManager] Save archive";
  const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(40));
  const api = "https://api.github.com/repos";
  const log = [
    `${at} '${api}/actions/checkout/zipball/${a}' into /r/_work/_actions/_temp_x/y.zip.`,
    `${at} 'https://ghe.example/api/v3/repos/Octo/my.act_ion-1/tarball/${b}' into x.\r`,
    `${at} '${api}/octo/two/zipball/${a}' into x.`,
    `${at} '${api}/octo/two/zipball/${b}' into x.`,
    `${at} '${api}/octo/same/zipball/${c}' into x.`,
    `${at} '${api}/octo/same/zipball/${c}' into x.`,
    `${at} '${api}/__proto__/x/zipball/${c}' into x.`,
    `x ${at} '${api}/octo/inner/zipball/${c}' into x.`,
    `${at} '${api}/octo/branch/zipball/main' into x.`,
    `${at} '${api}/octo/a/b/zipball/${c}' into x.`,
  ].join("\n");

  assert.deepEqual(
    [...resolvedActions(log)],
    [
      ["actions/checkout", a],
      ["Octo/my.act_ion-1", b],
      ["octo/same", c],
      ["__proto__/x", c],
    ],
  );
  assert.deepEqual([...resolvedActions(`${at} 'https://`.repeat(100_000))], []);
});
