import { holds } from "../expressions.ts";
import type { Step } from "../plan.ts";
import { type Action, download, folderOf, type NodeAction, readAction } from "./action.ts";
import { runDockerAction } from "./docker_action.ts";
import { FileCommands } from "./file_commands.ts";
import {
  contextsOf,
  envOf,
  evaluateAll,
  type Frame,
  frameOf,
  type Scope,
  titleOf,
} from "./frame.ts";
import { inputsOf, runNode } from "./node_action.ts";
import { runScript } from "./script.ts";
import type { Instance, Session } from "./session.ts";

/** Plays a step's main phase, or skips it as its `if:` says. */
export async function playMain(session: Session, scope: Scope, step: Step): Promise<void> {
  const frame = frameOf(session, scope, step, "main");
  const category = scope.within ? "CompositeActionHandler" : "StepsRunner";
  const what = scope.within ? "embedded step" : "step";
  session.trace.info(category, `Processing ${what}: DisplayName='${titleOf(step)}'`);
  const status = { failed: scope.status.failed, cancelled: session.status.cancelled };
  if (!holds(step.condition, status, contextsOf(frame, envOf(frame)))) {
    scope.steps[step.id] = { outputs: {}, outcome: "skipped" };
    session.trace.info(category, "Skipping step due to condition evaluation.");
    return;
  }
  session.trace.info(category, "Starting the step.");
  const failed = await phase(frame, (files) => main(frame, files));
  if (failed && !step.continue_on_error) scope.status.failed = true;
}

async function main(frame: Frame, files: FileCommands): Promise<number> {
  const { session, step } = frame;
  if (step.uses === undefined) return await runScript(frame, files);
  if (step.uses.startsWith("docker://")) return await runDockerAction(frame, undefined, files);
  const action = actionOf(frame);
  registerPost(frame, action);
  if (action.kind === "docker") return await runDockerAction(frame, action, files);
  if (action.kind === "node") {
    return await runNode(frame, action, action.main, files, {});
  }
  if (step.uses.startsWith("./")) download(session, action.steps);
  const scope = innerScope(frame, action);
  for (const inner of action.steps) await playMain(session, scope, inner);
  const contexts = { ...contextsOf(frame, {}), inputs: scope.inputs, steps: scope.steps };
  setOutputs(frame, evaluateAll(action.outputs, contexts));
  return scope.status.failed ? 1 : 0;
}

/** Plays what a downloaded action wants to do before the first step; local ones have no say. */
export async function playPre(session: Session, scope: Scope, step: Step): Promise<void> {
  if (step.uses === undefined || /^(\.\/|docker:\/\/)/.test(step.uses)) return;
  const action = readAction(folderOf(session, step.uses));
  if (action.kind === "composite") {
    const frame = frameOf(session, scope, step, "pre");
    const inner = innerScope(frame, action);
    if (action.steps.some((nested) => hasPre(session, nested))) registerPost(frame, action);
    for (const nested of action.steps) await playPre(session, inner, nested);
    return;
  }
  if (action.kind !== "node" || action.pre === undefined) return;
  const { pre } = action;
  const frame = frameOf(session, scope, step, "pre");
  registerPost(frame, action);
  if (session.status.cancelled) return;
  const failed = await phase(frame, (files) => runNode(frame, action, pre, files, {}));
  if (failed) session.status.failed = true;
}

function hasPre(session: Session, { uses }: Step): boolean {
  if (uses === undefined || /^(\.\/|docker:\/\/)/.test(uses)) return false;
  const action = readAction(folderOf(session, uses));
  if (action.kind === "composite") return action.steps.some((step) => hasPre(session, step));
  return action.kind === "node" && action.pre !== undefined;
}

/** The last registered post step runs first; those nested in a composite action run within its. */
function registerPost(frame: Frame, action: Action): void {
  const { session, scope, step } = frame;
  const instance = instanceOf(frame);
  if (instance.hasPost) return;
  const name = `Post ${titleOf(step)}`;
  if (action.kind === "composite") {
    instance.hasPost = true;
    scope.posts.push({ name, run: () => runPosts(session, instance.posts) });
  }
  if (action.kind === "node" && action.post !== undefined) {
    instance.hasPost = true;
    scope.posts.push({ name, run: () => playPost(frame, action, action.post ?? "") });
  }
}

/** Runs and removes what is on a stack of post steps. */
export async function runPosts(session: Session, posts: Scope["posts"]): Promise<void> {
  for (let post = posts.pop(); post; post = posts.pop()) {
    session.trace.info("StepsRunner", `Processing step: DisplayName='${post.name}'`);
    await post.run();
  }
}

async function playPost(of: Frame, action: NodeAction, script: string): Promise<void> {
  const { session, scope, step } = of;
  // The id of the step in the job, whatever ran between.
  session.github["action"] = scope.within?.outer.id ?? step.id;
  const frame = frameOf(session, scope, step, "post");
  const state = Object.fromEntries(
    Object.entries(instanceOf(frame).state).map(([name, value]) => [`STATE_${name}`, value]),
  );
  const failed = await phase(frame, (files) => runNode(frame, action, script, files, state));
  if (failed) session.status.failed = true;
}

/** Runs one phase of a step, takes what it wrote to its files, and tells whether it failed. */
async function phase(frame: Frame, body: (files: FileCommands) => Promise<number>) {
  const { session, scope, step, record } = frame;
  const began = new Date();
  const files = new FileCommands(session.folders.temp);
  session.log.line(`##[group]${titleOf(step)}`);
  session.log.line("##[endgroup]");
  const code = await body(files).catch((error: Error) => {
    record.write(`##[error]${error.message}\n`);
    return 1;
  });
  const { env, path, output, state, summary } = files.read();
  Object.assign(session.env, env);
  session.path.unshift(...path.reverse());
  Object.assign(instanceOf(frame).state, state);
  setOutputs(frame, output);
  if (summary) session.summaries.push({ step: titleOf(step), text: session.mask(summary) });
  if (code !== 0) record.write(`##[error]Process completed with exit code ${code}.\n`);
  const outcome = code === 0 ? "success" : session.status.cancelled ? "cancelled" : "failure";
  if (frame.kind === "main") {
    scope.steps[step.id] = { outputs: scope.steps[step.id]?.outputs ?? {}, outcome };
  }
  if (!scope.within) record.close();
  telemetry(frame, code === 0 ? "succeeded" : "failed", began);
  return code !== 0;
}

function setOutputs({ scope, step }: Frame, outputs: Readonly<Record<string, string>>): void {
  const before = scope.steps[step.id];
  scope.steps[step.id] = {
    outcome: before?.outcome ?? "success",
    outputs: { ...before?.outputs, ...outputs },
  };
}

const stages = { pre: "Pre", main: "Main", post: "Post" } as const;

function telemetry(frame: Frame, result: string, began: Date): void {
  const { session, step, kind, name } = frame;
  const [action = "run", ref = ""] = step.uses?.split("@") ?? [];
  const told = {
    action,
    ref,
    type: step.uses === undefined ? "run" : "repository",
    stage: stages[kind as keyof typeof stages] ?? "Main",
    stepId: session.records[frame.origin.position ?? 0],
    stepContextName: name,
    result,
    startTime: began.toISOString(),
    finishTime: new Date().toISOString(),
  };
  const text = JSON.stringify(told);
  session.trace.info("ExecutionContext", `Publish step telemetry for current step ${text}`);
}

const actionOf = ({ session, step }: Frame) => readAction(folderOf(session, step.uses ?? ""));

function innerScope(frame: Frame, action: Action): Scope {
  const { scope, step, name, record } = frame;
  const { within } = scope;
  const contexts = contextsOf(frame, envOf(frame));
  return {
    inputs: inputsOf(frame, action),
    steps: {},
    status: { failed: false },
    posts: instanceOf(frame).posts,
    within: {
      outer: within?.outer ?? step,
      nested: within ? [...within.nested, step.position] : [],
      env: { ...within?.env, ...evaluateAll(step.env, contexts) },
      folder: action.folder,
      name,
      record,
    },
  };
}

function instanceOf({ session, origin }: Frame): Instance {
  const key = `${origin.position}:${origin.nested.join(".")}`;
  const known = session.instances.get(key);
  if (known) return known;
  const instance = { state: {}, posts: [], hasPost: false };
  session.instances.set(key, instance);
  return instance;
}
