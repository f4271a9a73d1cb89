import assert from "node:assert/strict";
import { test } from "node:test";
import { parseWorkflowJob } from "../../src/jobs/workflow_file.ts";

/** What is asked of each step: its id, what it runs or uses, and its line. */
type Steps = readonly (readonly [id: string | null, what: string | null, line: number | null])[];

function stepsOf(text: string, key = "test"): Steps | undefined {
  const job = parseWorkflowJob(text, key);
  return job?.steps.map(({ id, run, uses, line }) => [id, run ?? uses, line]);
}

test("a job is told with everything that is asked of it", () => {
  const text = `jobs:
  first:
    name: "Call it"
    uses: o/r/.github/workflows/x.yml@v1
  test:
    name: Test \${{ matrix.os }}
    steps:
      - name: Build
        id: build
        if: always()
        shell: bash
        run: make
        background: true
      - continue-on-error: true
        background: false
        uses: ./a
`;

  assert.deepEqual(parseWorkflowJob(text, "first"), {
    ...{ key: "first", name: "Call it", line: 2 },
    ...{ uses: "o/r/.github/workflows/x.yml@v1", steps: [] },
  });
  assert.deepEqual(parseWorkflowJob(text, "test"), {
    ...{ key: "test", name: "Test $\\{{ matrix.os }}".replace("\\", ""), line: 5, uses: null },
    steps: [
      {
        ...{ position: 0, id: "build", name: "Build", uses: null, run: "make", shell: "bash" },
        ...{ is_background: true, is_skippable: true, line: 12, item_line: 8 },
      },
      {
        ...{ position: 1, id: "__self", name: null, uses: "./a", run: null, shell: null },
        ...{ is_background: false, is_skippable: true, line: 16, item_line: 14 },
      },
    ],
  });
});

test("5,000 lines of steps have each its line", () => {
  const lines = Array.from({ length: 1000 }, (_, i) =>
    [
      `      - name: step ${i}`,
      "        run: |",
      ...["a", "b", "c"].map((x) => `          ${x}`),
    ].join("\n"),
  );
  const text = `jobs:\n  test:\n    steps:\n${lines.join("\n")}\n`;

  assert.deepEqual(
    stepsOf(text),
    lines.map((_, i) => [i === 0 ? "__run" : `__run_${i + 1}`, "a\nb\nc\n", i * 5 + 5]),
  );
  assert.equal(stepsOf(`${text}      - run: one too many\n`), undefined);
});

test("a script is cut after 4,096 characters", () => {
  const text = `jobs:\n  test:\n    steps:\n      - run: ${"x".repeat(5000)}\n`;

  assert.deepEqual(stepsOf(text), [["__run", "x".repeat(4096), 4]]);
});

test("aliases of aliases are not expanded", () => {
  const levels = Array.from(
    { length: 30 },
    (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`,
  );
  const merges = Array.from(
    { length: 30 },
    (_, i) => `m${i + 1}: &m${i + 1} {<<: [*m${i}, *m${i}]}`,
  );
  const text = `a0: &a0 [{run: x}]
${levels.join("\n")}
m0: &m0 {run: y}
${merges.join("\n")}
jobs:
  test:
    steps:
      - *a30
      - *m30
      - run: z
        id: z
`;

  assert.deepEqual(stepsOf(text), [
    [null, null, 31],
    [null, null, 62],
    ["z", "z", 68],
  ]);
});

test("more aliases than anybody writes are not followed, and cost nothing", () => {
  const text = `s: &s {run: a}\njobs:\n  test:\n    steps:\n${"      - *s\n".repeat(900)}`;
  const steps = stepsOf(text);

  assert.equal(steps?.length, 900);
  assert.deepEqual(steps?.[0], [null, "a", 1]);
  assert.deepEqual(steps?.[899], [null, null, null]);
});

test("hostile texts are no workflow, and are over soon", () => {
  const texts = [
    ...["[".repeat(500_000), "{".repeat(500_000), "- ".repeat(2000), "? ".repeat(2000)],
    ...["a: ".repeat(2000), "x".repeat(1024 * 1024 + 1), "&a ".repeat(10_000), "!".repeat(100_000)],
    ...[
      " ".repeat(500_000),
      "\n".repeat(500_000),
      '"'.repeat(100_000),
      "%".repeat(100_000),
      "}".repeat(100_000),
    ],
  ];

  assert.deepEqual(
    texts.map((text) => stepsOf(text)),
    texts.map(() => undefined),
  );
});
