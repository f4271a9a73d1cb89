import assert from "node:assert/strict";
import { test } from "node:test";
import { parseWorkflowJob } from "../../src/jobs/workflow_file.ts";

/** What is asked of each step: its id, what it runs or uses, and its line. */
type Steps = readonly (readonly [id: string | null, what: string | null, line: number | null])[];

function stepsOf(text: string, key = "test"): Steps | undefined {
  const job = parseWorkflowJob(text, key);
  return job?.steps.map(({ id, run, uses, line }) => [id, run ?? uses, line]);
}

const cases: readonly { name: string; text: string; steps: Steps | undefined }[] = [
  {
    name: "runs and uses, each at its own key",
    text: `on: push
jobs:
  test:
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v4
      - name: Build
        run: make
      - run: make test
        id: check
`,
    steps: [
      ["__actions_checkout", "actions/checkout@v4", 6],
      ["__run", "make", 8],
      ["check", "make test", 9],
    ],
  },
  {
    name: "a script of several lines has the line of its key",
    text: `jobs:
  test:
    steps:
      - name: n
        run: |
          a

          b
      - run: >-
          c
          d
      - run: e
`,
    steps: [
      ["__run", "a\n\nb\n", 5],
      ["__run_2", "c d", 9],
      ["__run_3", "e", 12],
    ],
  },
  {
    name: "flow style",
    text: `jobs: {test: {steps: [{run: a}, {uses: "o/r@v1"},
  {name: x, run: b}]}}
`,
    steps: [
      ["__run", "a", 1],
      ["__o_r", "o/r@v1", 1],
      ["__run_2", "b", 2],
    ],
  },
  {
    name: "JSON",
    text: '{"jobs":\n{"test":\n{"steps":\n[{"run":\n"a"}]}}}',
    steps: [["__run", "a", 4]],
  },
  {
    name: "line ends of Windows",
    text: "jobs:\r\n  test:\r\n    steps:\r\n      - run: |\r\n          a\r\n          b\r\n      - run: c\r\n",
    steps: [
      ["__run", "a\nb\n", 4],
      ["__run_2", "c", 7],
    ],
  },
  {
    name: "a byte order mark",
    text: "\ufeffjobs:\n  test:\n    steps:\n      - run: a\n",
    steps: [["__run", "a", 4]],
  },
  {
    name: "tabs in strings and behind values",
    text: 'jobs:\n  test:\n    steps:\n      - run: "a\tb"\t\n      - run: |\n          x\n          \ty\n',
    steps: [
      ["__run", "a\tb", 4],
      ["__run_2", "x\n\ty\n", 5],
    ],
  },
  {
    name: "tabs as indentation are no YAML",
    text: "jobs:\n\ttest:\n\t\tsteps:\n\t\t\t- run: a\n",
    steps: undefined,
  },
  {
    name: "comments everywhere, one that looks like a step among them",
    text: `# jobs:
jobs: # x
  # test:
  test: # y
    # - run: no
    steps: # z
      # - run: no
      - run: a # b
      # - run: no
      -
        # c
        run: "d # e"
`,
    steps: [
      ["__run", "a", 8],
      ["__run_2", "d # e", 12],
    ],
  },
  {
    name: "quoted keys",
    text: `"jobs":
  'test':
    "steps":
      - "name": x
        'run': a
      - "r\\u0075n": b
`,
    steps: [
      ["__run", "a", 5],
      ["__run_2", "b", 6],
    ],
  },
  {
    name: "a list at the indentation of its key",
    text: "jobs:\n  test:\n    steps:\n    - run: a\n    -   uses: o/r@v1\n",
    steps: [
      ["__run", "a", 4],
      ["__o_r", "o/r@v1", 5],
    ],
  },
  {
    name: "a step that is an alias has the lines of what it repeats",
    text: `jobs:
  other:
    steps:
      - &one
        name: x
        run: a
  test:
    steps:
      - *one
      - run: b
      - *one
`,
    steps: [
      ["__run", "a", 6],
      ["__run_2", "b", 10],
      ["__run_3", "a", 6],
    ],
  },
  {
    name: "steps, a job and a script that are aliases",
    text: `x: &script make
y: &steps
  - run: *script
z: &job
  steps: *steps
jobs:
  test: *job
`,
    steps: [["__run", "make", 3]],
  },
  {
    name: "merged maps, of which the own keys count first and then the first map",
    text: `a: &a {run: one, name: n}
b: &b
  run: two
  shell: sh
jobs:
  test:
    steps:
      - <<: *a
      - <<: *b
        run: own
      - <<: [*b, *a]
`,
    steps: [
      ["__run", "one", 1],
      ["__run_2", "own", 10],
      ["__run_3", "two", 3],
    ],
  },
  {
    name: "duplicate keys: the file is not refused",
    text: `jobs:
  test:
    steps:
      - run: a
        name: x
        name: y
`,
    steps: [["__run", "a", 4]],
  },
  {
    name: "written ids count before others, wherever they stand",
    text: `jobs:
  test:
    steps:
      - run: a
      - run: b
        id: __RUN
      - run: c
        if: false
      - run: d
`,
    steps: [
      ["__run_2", "a", 4],
      ["__RUN", "b", 5],
      ["__run_3", "c", 7],
      ["__run_4", "d", 9],
    ],
  },
  {
    name: "steps that neither run nor use anything make the names of runs unknown",
    text: `jobs:
  test:
    steps:
      - uses: ./x
      - run: a
      - wait: a
      - run: b
        id: b
      - uses: docker://alpine
`,
    steps: [
      ["__self", "./x", 4],
      [null, "a", 5],
      [null, null, 6],
      ["b", "b", 7],
      [null, "docker://alpine", 9],
    ],
  },
  {
    name: "values that are no texts",
    text: `jobs:
  test:
    steps:
      - run: 007
      - run: yes
      - run: 1.10
      - run: ~
      - run: [a]
      - run:
`,
    steps: [
      ["__run", "007", 4],
      ["__run_2", "yes", 5],
      ["__run_3", "1.10", 6],
      ["__run_4", null, 7],
      ["__run_5", null, 8],
      ["__run_6", null, 9],
    ],
  },
  {
    name: "a uses in several spellings",
    text: `jobs:
  test:
    steps:
      - uses: "  o/r//a/@v1 "
      - uses: >
          ./x/
      - uses: &u 'docker://a:1'
`,
    steps: [
      ["__o_r", "o/r/a@v1", 4],
      ["__self", "./x", 5],
      ["__a_1", "docker://a:1", 7],
    ],
  },
  { name: "a job without steps", text: "jobs:\n  test:\n    uses: ./x.yml\n", steps: [] },
  { name: "steps that are no list", text: "jobs:\n  test:\n    steps: x\n", steps: [] },
  { name: "a job that is null", text: "jobs:\n  test:\n", steps: [] },
  { name: "no such job", text: "jobs:\n  tests:\n    steps: []\n", steps: undefined },
  { name: "a job in another case", text: "jobs:\n  Test:\n    steps: []\n", steps: undefined },
  { name: "no jobs", text: "on: push\n", steps: undefined },
  { name: "jobs in a list", text: "jobs:\n  - test:\n      steps: []\n", steps: undefined },
  { name: "an empty text", text: "", steps: undefined },
  { name: "a text", text: "test", steps: undefined },
  { name: "what is no YAML", text: "jobs: [\n", steps: undefined },
  { name: "a missing anchor", text: "jobs:\n  test: *none\n", steps: undefined },
  { name: "bytes of another file", text: "\u007fELF\0\u0001\ufffd\ufffd", steps: undefined },
  {
    name: "a second document",
    text: "jobs:\n  x: 1\n---\njobs:\n  test:\n    steps: []\n",
    steps: undefined,
  },
  {
    name: "a merge and an alias of itself",
    text: "jobs:\n  test: &a\n    <<: *a\n    steps: &s\n      - *s\n      - run: a\n",
    steps: [
      [null, null, 5],
      [null, "a", 6],
    ],
  },
  {
    name: "keys that every object has",
    text: "jobs:\n  test:\n    __proto__: {steps: [{run: no}]}\n    steps:\n      - __proto__: {run: no}\n        run: a\n",
    steps: [["__run", "a", 6]],
  },
];

for (const { name, text, steps } of cases) {
  test(`workflow: ${name}`, () => {
    assert.deepEqual(stepsOf(text), steps);
  });
}
