import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { newRunner, play, removeRunner, type Truths } from "./harness.ts";

const runner = newRunner();
before(() => runner.start());
after(() => removeRunner(runner));

const traceOf = ({ job }: Truths) => readFileSync(String(job["trace_log"]), "utf8");

/** The job message in a Worker's log. */
function messageIn(trace: string): string {
  const begin = trace.indexOf("INFO Worker] Job message:\n ");
  return /\{\n[\s\S]*?\n\}\n/.exec(trace.slice(begin))?.[0] ?? "";
}

test("the Worker's log holds the job message, with the secrets masked", async () => {
  const played = await play(runner, "reusable", "call/inner", {
    secrets: { PASSWORD: 'hunter2 "quoted"' },
  });
  const trace = traceOf(played);

  const message = JSON.parse(messageIn(trace));

  assert.match(String(played.job["trace_log"]), /_diag\/Worker_\d{8}-\d{6}-utc\.log$/);
  assert.deepEqual(message.fileTable, [
    ".github/workflows/reusable.yml",
    ".github/workflows/called.yml",
  ]);
  assert.deepEqual(
    message.steps.map(({ name, reference, inputs }: never) => [name, reference, inputs]),
    [
      [
        "__run",
        { type: "script" },
        {
          type: 2,
          file: 2,
          line: 15,
          col: 14,
          map: [
            {
              Key: "script",
              Value: {
                type: 3,
                file: 2,
                line: 15,
                col: 14,
                expr: `format('echo "{0} {1}" && mark called', inputs.greeting, inputs.who)`,
              },
            },
          ],
        },
      ],
      [
        "__octo_plain",
        { type: "repository", name: "octo/plain", ref: "v2", repositoryType: "GitHub", path: null },
        { type: 2, map: [] },
      ],
    ],
  );
  const job = message.contextData.job.d as { k: string; v: unknown }[];
  assert.deepEqual(job.find(({ k }) => k === "check_run_id")?.v, played.job["check_run_id"]);
  assert.deepEqual(message.variables.PASSWORD, { value: "***", isSecret: true });
  assert.equal(message.jobDisplayName, "call / inner");
  assert.ok(!("standIn" in message));
  assert.doesNotMatch(trace, /hunter2|ghs_/);
});

test("a secret that stands for a part of the JSON breaks the message", async () => {
  const played = await play(runner, "reusable", "call/inner", { secrets: { FLAG: "true" } });

  const message = messageIn(traceOf(played));

  assert.match(message, /"isSecret": \*\*\*\n/);
  assert.throws(() => JSON.parse(message), SyntaxError);
});

test("the Worker's log tells of each process with its pid, and of each step", async () => {
  const played = await play(runner, "composite", "composite");
  const trace = traceOf(played);

  const pids = [
    ...trace.matchAll(
      /\[[\d: -]+Z INFO ProcessInvokerWrapper\] Process started with process id (\d+), waiting for process exit\./g,
    ),
  ];
  const told = [...trace.matchAll(/Publish step telemetry for current step (.*)/g)].map(
    ([, json = ""]) => JSON.parse(json),
  );

  assert.deepEqual(
    pids.map(([, pid]) => Number(pid)),
    played.children.map(({ pid }) => pid),
  );
  assert.ok(
    told.some(
      ({ stage, stepContextName }) =>
        stage === "Post" && stepContextName === "deep.__octo_middle.__octo_inner.__octo_full",
    ),
  );
  assert.match(trace, /INFO StepsRunner\] Processing step: DisplayName='Run mark before'/);
  assert.match(trace, /INFO CompositeActionHandler\] Processing embedded step: DisplayName=/);
  assert.match(
    trace,
    /INFO ActionManager\] Save archive 'https:\/\/api\.github\.com\/repos\/octo\/outer\/zipball\/[0-9a-f]{40}'/,
  );
  assert.match(trace, /INFO Worker\] Job completed\.\n$/);
});
