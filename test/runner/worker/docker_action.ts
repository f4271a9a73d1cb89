import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { evaluate } from "../expressions.ts";
import type { Step, Texts } from "../plan.ts";
import { type DockerAction, folderOf, readAction } from "./action.ts";
import { setUp } from "./containers.ts";
import {
  actionMounts,
  docker,
  dockerText,
  hex,
  labelOf,
  nameOfImage,
  standInMounts,
  translate,
  translateAll,
} from "./docker.ts";
import type { FileCommands } from "./file_commands.ts";
import { contextsOf, envOf, evaluateAll, type Frame, variablesOf } from "./frame.ts";
import { actionVariables, inputsOf, inputVariables } from "./node_action.ts";
import type { Session } from "./session.ts";

/** Builds or pulls the images of the docker actions that have been downloaded. */
export async function buildDockerActions(session: Session): Promise<void> {
  for (const step of session.standIn.job.steps) await prepare(session, step);
}

async function prepare(session: Session, { uses }: Step): Promise<void> {
  if (uses === undefined || uses.startsWith("./")) return; // local ones are built when they run
  if (uses.startsWith("docker://")) return await pull(session, uses);
  const action = readAction(folderOf(session, uses));
  if (action.kind === "composite") for (const step of action.steps) await prepare(session, step);
  if (action.kind === "docker") await imageOf(session, action, uses);
}

async function pull(session: Session, uses: string): Promise<void> {
  const image = uses.slice("docker://".length);
  if (session.standIn.docker.pull)
    await dockerText(session, ["pull", image], setUp(`Pull ${image}`));
}

/** The image of an action; built when it is not yet there. */
async function imageOf(session: Session, action: DockerAction, uses: string): Promise<string> {
  if (action.image.startsWith("docker://")) {
    await pull(session, action.image);
    return action.image.slice("docker://".length);
  }
  const built = session.images.get(action.folder);
  if (built) return built;
  const tag = `${labelOf(session)}:${hex(32)}`;
  const file = join(action.folder, action.image);
  const origin = setUp(`Build ${uses}`);
  await dockerText(session, ["build", "-t", tag, "-f", file, action.folder], origin);
  session.images.set(action.folder, tag);
  return tag;
}

/** Runs a docker action, or the image of `uses: docker://…` when there is no action. */
export async function runDockerAction(
  frame: Frame,
  action: DockerAction | undefined,
  files: FileCommands,
): Promise<number> {
  const { session, step, origin } = frame;
  const image = action
    ? await imageOf(session, action, step.uses ?? "")
    : (step.uses ?? "").slice("docker://".length);
  const inputs = inputsOf(frame, action ?? { inputs: {} });
  const contexts = { ...contextsOf(frame, envOf(frame)), inputs };
  const words = action ? action.args.map((word) => evaluate(word, contexts)) : givenArgs(inputs);
  const entrypoint = action?.entrypoint ?? inputs["entrypoint"];
  const own = {
    ...actionVariables(frame),
    ...inputVariables(inputs),
    ...evaluateAll(action?.env ?? {}, contexts),
  };
  const mounts = actionMounts(session);
  const { PATH: _, ...env } = translateAll(
    { HOME: "/github/home", ...variablesOf(frame, files, own) },
    mounts,
  );
  const name = `${nameOfImage(image)}_${hex(6)}`;
  session.truth.container({ name }, origin);
  const args = runArguments(session, { image, name, env, entrypoint, words });
  const { code } = await docker(session, args, origin, env);
  return code;
}

const givenArgs = (inputs: Readonly<Record<string, string>>): string[] =>
  (inputs["args"] ?? "").split(" ").filter(Boolean);

interface Run {
  readonly image: string;
  readonly name: string;
  readonly env: Texts;
  readonly entrypoint: string | undefined;
  readonly words: readonly string[];
}

function runArguments(session: Session, { image, name, env, entrypoint, words }: Run): string[] {
  const mounts = actionMounts(session);
  for (const [folder] of mounts) mkdirSync(folder, { recursive: true });
  return [
    "run",
    "--name",
    name,
    "--label",
    labelOf(session),
    "--workdir",
    translate(session.folders.workspace, mounts),
    "--rm",
    ...Object.keys(env).flatMap((key) => ["-e", key]),
    ...["-e", "GITHUB_ACTIONS=true", "-e", "CI=true"],
    ...(entrypoint ? ["--entrypoint", entrypoint] : []),
    "--network",
    ...[session.network ?? (session.standIn.docker.network === "none" ? "none" : "bridge")],
    ...["-v", `${session.standIn.docker.socket}:/var/run/docker.sock`],
    ...mounts.flatMap(([host, inside]) => ["-v", `${host}:${inside}`]),
    ...standInMounts(session),
    image,
    ...words,
  ];
}
