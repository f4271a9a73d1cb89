import { mkdirSync } from "node:fs";
import type { Container } from "../plan.ts";
import {
  docker,
  dockerText,
  hex,
  jobMounts,
  labelOf,
  nameOfImage,
  standInMounts,
  translate,
  translateAll,
} from "./docker.ts";
import { evaluateAll, type Frame } from "./frame.ts";
import type { Session } from "./session.ts";
import type { StepProgram } from "./step_host.ts";
import type { Origin } from "./truth.ts";

/** Makes the job's container and its services, in the runner's order. */
export async function startContainers(session: Session): Promise<void> {
  const { container, services } = session.standIn.job;
  const asked = Object.entries(services);
  if (!container && asked.length === 0) return;
  await removeStale(session);
  await makeNetwork(session);
  if (container) session.container = await start(session, container);
  for (const [alias, service] of asked) {
    const id = await start(session, service, alias);
    session.services.push(id);
    await dockerText(
      session,
      ["inspect", `--format=${health}`, id],
      setUp("Initialize containers"),
    );
  }
}

const health = "{{if .Config.Healthcheck}}{{print .State.Health.Status}}{{end}}";

/** Removes them again; what cannot be removed is only logged, as the runner does. */
export async function stopContainers(session: Session): Promise<void> {
  const origin = { ...setUp("Stop containers"), kind: "other" } as const;
  const ids = [session.container, ...session.services].filter((id) => id !== undefined);
  for (const id of ids) await docker(session, ["rm", "--force", id], origin);
  if (session.network) await docker(session, ["network", "rm", session.network], origin);
  delete session.container;
}

/** Where a process belongs that is for no step. */
export const setUp = (name: string): Origin => ({
  kind: "set_up",
  position: null,
  nested: [],
  action: null,
  uses: null,
  name,
  file: null,
  line: null,
});

async function removeStale(session: Session): Promise<void> {
  const origin = setUp("Initialize containers");
  const label = `label=${labelOf(session)}`;
  await dockerText(session, ["version", "--format", "{{.Server.APIVersion}}"], origin);
  await dockerText(session, ["version", "--format", "{{.Client.APIVersion}}"], origin);
  const list = ["ps", "--all", "--quiet", "--no-trunc", "--filter", label];
  const stale = (await dockerText(session, list, origin)).split("\n").filter(Boolean);
  for (const id of stale) await docker(session, ["rm", "--force", id], origin);
  await docker(session, ["network", "prune", "--force", "--filter", label], origin);
}

async function makeNetwork(session: Session): Promise<void> {
  if (session.standIn.docker.network === "none") return;
  const name = `github_network_${hex(32)}`;
  const args = ["network", "create", "--label", labelOf(session), name];
  await dockerText(session, args, setUp("Initialize containers"));
  session.network = name;
}

/** `create` and `start`; gives the id. */
async function start(session: Session, container: Container, alias?: string): Promise<string> {
  const origin = setUp("Initialize containers");
  if (session.standIn.docker.pull) await dockerText(session, ["pull", container.image], origin);
  const name = `${hex(32)}_${nameOfImage(container.image)}_${hex(6)}`;
  const args = createArguments(session, container, name, alias);
  const id = await dockerText(session, args, origin);
  session.truth.container({ id, name }, origin);
  await dockerText(session, ["start", id], origin);
  const list = ["ps", "--all", "--filter", `id=${id}`, "--filter", "status=running", "--no-trunc"];
  await dockerText(session, [...list, "--format", "{{.ID}} {{.Status}}"], origin);
  return id;
}

function createArguments(
  session: Session,
  { image, env }: Container,
  name: string,
  alias?: string,
): string[] {
  const { standIn, folders, github, runner } = session;
  const contexts = { github, runner, matrix: standIn.job.matrix ?? {}, secrets: standIn.secrets };
  const variables = { ...evaluateAll(env, contexts), GITHUB_ACTIONS: "true", CI: "true" };
  const place = translate(folders.workspace, jobMounts(session));
  return [
    "create",
    "--name",
    name,
    "--label",
    labelOf(session),
    ...(alias === undefined ? ["--workdir", place] : []),
    "--network",
    session.network ?? "none",
    ...(alias !== undefined && session.network ? ["--network-alias", alias] : []),
    ...Object.entries(variables).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
    ...(alias === undefined ? jobVolumes(session) : []),
    ...(alias === undefined ? ["--entrypoint", "tail", image, "-f", "/dev/null"] : [image]),
  ];
}

function jobVolumes(session: Session): string[] {
  const mounts = jobMounts(session);
  for (const [folder] of mounts) mkdirSync(folder, { recursive: true });
  return [
    "-v",
    `${session.standIn.docker.socket}:/var/run/docker.sock`,
    ...mounts.flatMap(([host, inside]) => [
      "-v",
      `${host}:${inside}${inside === "/__e" ? ":ro" : ""}`,
    ]),
    ...standInMounts(session),
  ];
}

/** Runs a step's program in the job's container: the Worker's child is the docker client. */
export async function execInContainer(
  { session, origin }: Frame,
  { program, args, script, cwd, env }: StepProgram,
): Promise<number> {
  const mounts = jobMounts(session);
  const { PATH: path, ...rest } = translateAll(env, mounts);
  const words = [program, ...args(translate(script, mounts))];
  const { code } = await docker(
    session,
    [
      "exec",
      "-i",
      "--workdir",
      translate(cwd, mounts),
      ...Object.keys(rest).flatMap((name) => ["-e", name]),
      ...(session.path.length > 0 && path ? ["-e", `PATH=${path}`] : []),
      session.container ?? "",
      ...words,
    ],
    origin,
    rest,
  );
  return code;
}
