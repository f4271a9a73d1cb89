import assert from "node:assert/strict";
import { test } from "node:test";
import { JobSteps } from "../../src/jobs/job_steps.ts";
import type { Step } from "../../src/jobs/step.ts";
import { work_folder } from "./played_actions.ts";
import { type PlayedChild, playJob, type Truth } from "./played_job.ts";
import { knowledgeOf } from "./played_knowledge.ts";
import { Seeded } from "./seeded.ts";

const jobs = Number(process.env["TEST_JOBS"] ?? 2500);
/** The seed of the first job; those after it count up. A failure names the seeds of its jobs. */
const first = Number(process.env["TEST_SEED"] ?? 1);
/** Less is told where a job has background steps, or a message, workflow or manifest is missing. */
const least = { processes: 5, position: 0.72, phase: 0.6, nested: 0.6 };

/** What was said of a process when it started, beside what it is. */
interface Said {
  readonly text: string;
  readonly step: Step | undefined;
  readonly truth: Truth;
}

/** Lets a job be followed as it was played. */
function follow(seed: number): readonly Said[] {
  const random = new Seeded(seed);
  const played = playJob(random);
  const { manifestOf, ...knowledge } = knowledgeOf(played, random);
  const hook_scripts = { started: "/h/started.sh", completed: "/h/completed.sh" };
  const steps = new JobSteps({ work_folder, hook_scripts, manifestOf });
  steps.learn(knowledge);
  const end = ({ child, exit }: PlayedChild) => steps.childEnded(child.process_key, 1, exit);
  /** By the position of their step, within which one comes after the other. */
  const aside = new Map<number, PlayedChild>();
  return played.children.map((one, i) => {
    const { position } = one.truth;
    const before = aside.get(position);
    if (before) end(before);
    aside.delete(position);
    if (i === played.before_posts) for (const open of aside.values()) end(open);
    const found = steps.childStarted(one.child);
    const step = found && { ...found };
    if (one.is_background) aside.set(position, one);
    else end(one);
    return { text: `seed ${seed}, process ${i}`, step, truth: one.truth };
  });
}

/** What is said and wrong; what is not known is not wrong. */
function wrongIn({ step, truth }: Said): readonly string[] {
  if (!step) return ["not seen"];
  const { phase, position, nested, uses } = step;
  const said: readonly [string, boolean][] = [
    ["phase", phase === "unknown" || phase === truth.phase],
    ["position", position === null || position === truth.position],
    ["nested", nested === null || nested.join() === truth.nested.join()],
    // Of what is nested somewhere, only the repository of the action is told, or its step's action.
    ["uses", uses === null || nested === null || uses === truth.uses],
  ];
  return said.filter(([, isRight]) => !isRight).map(([what]) => what);
}

test("of the processes of random jobs none is told wrong, and most are told", () => {
  const all = Array.from({ length: jobs }, (_, i) => follow(first + i)).flat();

  const wrong = all.flatMap((said) => {
    const what = wrongIn(said);
    return what.length === 0 ? [] : [`${said.text}: ${what} ${JSON.stringify(said)}`];
  });
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${all.length}`);
  const share = (isTold: (step: Step) => boolean): number =>
    all.filter(({ step }) => step && isTold(step)).length / all.length;
  const told = {
    processes: all.length / jobs,
    position: share(({ position }) => position !== null),
    phase: share(({ phase }) => phase !== "unknown"),
    nested: share(({ nested }) => nested !== null),
  };
  for (const what of ["processes", "position", "phase", "nested"] as const) {
    assert.ok(told[what] > least[what], `${what}: ${told[what]} of all`);
  }
});

test("a seed is a job: what is random comes again", () => {
  const [one, other] = [7, 7].map((seed) => playJob(new Seeded(seed)));

  assert.deepEqual(one, other);
  assert.notDeepEqual(one, playJob(new Seeded(8)));
});
