import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate } from "../expressions.ts";
import type { Step } from "../plan.ts";
import { download } from "./action.ts";
import { startContainers, stopContainers } from "./containers.ts";
import { buildDockerActions } from "./docker_action.ts";
import { type Scope, titleOf } from "./frame.ts";
import { runHook } from "./hook.ts";
import { killOrphans, runningNow } from "./orphans.ts";
import { playMain, playPre, runPosts } from "./play_step.ts";
import type { Session } from "./session.ts";

/** Results of a job, as the Worker's exit code minus 100 tells them. */
export const results = ["Succeeded", "SucceededWithIssues", "Failed", "Canceled"] as const;
export type Result = (typeof results)[number];

/** Plays all phases of a job. */
export async function playJob(session: Session): Promise<Result> {
  const { standIn, status } = session;
  const { steps } = standIn.job;
  const scope: Scope = { inputs: standIn.job.inputs, steps: {}, status, posts: [] };
  const before = runningNow();
  try {
    await setUp(session);
    await runHook(session, "hook_started");
    if (!status.failed) await buildDockerActions(session);
    if (!status.failed) await startContainers(session);
    // `pre-if` is always() when an action does not give it.
    for (const step of steps) await playPre(session, scope, step);
    await playSteps(session, scope);
    await runPosts(session, scope.posts);
  } catch (error) {
    // What the runner itself cannot do fails the job, not the Worker.
    session.log.line(`##[error]${(error as Error).message}`);
    session.trace.info("JobRunner", `Caught exception: ${(error as Error).stack}`);
    status.failed = true;
  }
  await stopContainers(session);
  await runHook(session, "hook_completed");
  killOrphans(session, before);
  emptyFolder(session.folders.temp);
  if (status.cancelled) return "Canceled";
  return status.failed ? "Failed" : "Succeeded";
}

async function setUp(session: Session): Promise<void> {
  const { folders, standIn, trace, log, github } = session;
  log.line(`Current runner version: '${runnerVersion}'`);
  log.line(`Runner name: '${standIn.name}'`);
  emptyFolder(folders.temp);
  rmSync(folders.actions, { recursive: true, force: true });
  const files = join(folders.temp, "_github_workflow");
  for (const folder of [folders.workspace, folders.actions, folders.tools, files]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(join(files, "event.json"), JSON.stringify(standIn.identity.event_payload, null, 2));
  Object.assign(github, {
    workspace: folders.workspace,
    event_path: join(files, "event.json"),
  });
  const contexts = jobContexts(session);
  for (const [name, text] of Object.entries(standIn.job.env)) {
    session.env[name] = evaluate(text, { ...contexts, env: session.env });
  }
  trace.info("JobExtension", "Downloading actions");
  download(session, standIn.job.steps);
  for (const step of standIn.job.steps) trace.info("JobExtension", `Adding ${titleOf(step)}.`);
  log.line(`Complete job name: ${standIn.job.display_name}`);
  // From here on every child inherits it; the Worker's own /proc/…/environ does not show it.
  process.env["RUNNER_TRACKING_ID"] = `github_${crypto.randomUUID()}`;
}

/** The version that the stand-in says it is. */
export const runnerVersion = "2.336.0";

const jobContexts = ({ standIn, github, runner }: Session) => ({
  github: { ...github, token: standIn.token },
  matrix: standIn.job.matrix ?? {},
  inputs: standIn.job.inputs,
  secrets: { ...standIn.secrets, GITHUB_TOKEN: standIn.token },
  runner,
});

/** Main steps in order; those in the background overlap with what comes after them. */
async function playSteps(session: Session, scope: Scope): Promise<void> {
  const background = new Map<string, Promise<void>>();
  for (const step of session.standIn.job.steps) {
    if (step.wait !== undefined) {
      await Promise.all(waitedFor(step, background));
      continue;
    }
    const played = playMain(session, scope, step);
    if (step.background) background.set(step.id, played);
    else await played;
  }
  await Promise.all(background.values());
}

const waitedFor = ({ wait }: Step, background: ReadonlyMap<string, Promise<void>>) =>
  wait === "all" ? [...background.values()] : (wait ?? []).map((id) => background.get(id));

function emptyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
