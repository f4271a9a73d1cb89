import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Texts } from "../plan.ts";
import { invoke } from "./invoke.ts";
import type { Session } from "./session.ts";
import type { Origin } from "./truth.ts";
import { which } from "./which.ts";

/** Runs the docker client as a child of the Worker; gives its exit code and what it printed. */
export async function docker(
  session: Session,
  args: readonly string[],
  origin: Origin,
  env: Texts = {},
): Promise<{ readonly code: number; readonly text: string }> {
  const file = which("docker", process.env["PATH"] ?? "");
  if (file === undefined) throw new Error("docker is not on PATH");
  session.log.line(`##[command]${file} ${args.join(" ")}`);
  let text = "";
  const output = (piece: string) => {
    text += piece;
    session.log.write(piece);
  };
  const code = await invoke(session, {
    file,
    args,
    cwd: session.folders.workspace,
    env,
    origin,
    output,
  });
  return { code, text };
}

/** As `docker`, for what must succeed. */
export async function dockerText(
  session: Session,
  args: readonly string[],
  origin: Origin,
): Promise<string> {
  const { code, text } = await docker(session, args, origin);
  if (code !== 0) throw new Error(`docker ${args[0]} ended with ${code}: ${text}`);
  return text.trim();
}

/** The label of this runner's containers: it names the runner, not the job. */
export function labelOf({ folders }: Session): string {
  const settings = readFileSync(join(folders.root, ".runner"), "utf8").replace(/^\uFEFF/, "");
  return createHash("sha256").update(settings.toLowerCase()).digest("hex").slice(0, 6);
}

/** Hexadecimal digits that nobody else has. */
export const hex = (digits: 6 | 32): string => randomBytes(digits / 2).toString("hex");

/** An image as a part of a container's name. */
export const nameOfImage = (image: string): string => image.replace(/[^A-Za-z0-9]/g, "");

/** Folders of the host and where they are in a container, in the order of the arguments. */
type Mounts = readonly (readonly [host: string, inside: string])[];

/** Mounts of a job container. */
export const jobMounts = ({ folders }: Session): Mounts => [
  [folders.work, "/__w"],
  [folders.externals, "/__e"],
  [folders.temp, "/__w/_temp"],
  [folders.actions, "/__w/_actions"],
  [folders.tools, "/__t"],
  [join(folders.temp, "_github_home"), "/github/home"],
  [join(folders.temp, "_github_workflow"), "/github/workflow"],
];

/** Mounts of a docker action. */
export const actionMounts = ({ folders }: Session): Mounts => [
  [folders.temp, "/github/runner_temp"],
  [join(folders.temp, "_github_home"), "/github/home"],
  [join(folders.temp, "_github_workflow"), "/github/workflow"],
  [join(folders.temp, "_runner_file_commands"), "/github/file_commands"],
  [folders.workspace, "/github/workspace"],
];

/** `mark` and the truth file, at the same paths in each container: ours alone. */
export const standInMounts = ({ folders, standIn }: Session): string[] => [
  "-v",
  `${join(folders.root, "standin", "bin")}:/standin:ro`,
  "-v",
  `${standIn.truth}:${standIn.truth}`,
];

/** A path of the host as it is called in the container; the innermost mount counts. */
export function translate(value: string, mounts: Mounts): string {
  const [mount] = mounts
    .filter(([host]) => value === host || value.startsWith(`${host}/`))
    .toSorted(([a], [b]) => b.length - a.length);
  return mount ? mount[1] + value.slice(mount[0].length) : value;
}

/** Each value translated that the runner itself sets. */
export const translateAll = (env: Texts, mounts: Mounts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      /^(GITHUB|RUNNER)_/.test(name) ? translate(value, mounts) : value,
    ]),
  );
