import { tidy } from "./uses.ts";

/** What a child of the Worker was started as. */
export interface StepCall {
  readonly kind: "script" | "node" | "docker_run" | "other";
  /** Path on the host of the script that it runs; empty when it runs none. */
  readonly script: string;
  /** Of `docker run`: what `--entrypoint` says; null without one. */
  readonly entrypoint: string | null;
}

/** Where the runner has put things, on the host. */
export interface StepFolders {
  /** `_work`, which a job container has as `/__w`. */
  readonly work_folder: string;
}

/** Reads the arguments of a child of the Worker, which the Worker alone has chosen. */
export function stepCall(args: readonly string[], folders: StepFolders): StepCall {
  const program = nameOf(args[0]);
  if (program === "docker" || program === "podman") return dockerCall(args, folders);
  if (program === "node")
    return { ...other, kind: "node", script: hostPath(script(args), folders) };
  // A shell of any name, also one that a person wrote: its script lies where only scripts lie.
  const path = hostPath(args.map(unquoted).find(isTemporaryScript) ?? "", folders);
  return path === "" ? other : { ...other, kind: "script", script: path };
}

/** @returns a path of a job container as it is on the host, in one spelling */
export function hostPath(path: string, { work_folder }: StepFolders): string {
  if (path === "") return "";
  return `/${tidy(path.startsWith(inContainer) ? work_folder + path.slice(4) : path)}`;
}

const inContainer = "/__w/";
const other: StepCall = { kind: "other", script: "", entrypoint: null };

const nameOf = (path = ""): string => path.slice(path.lastIndexOf("/") + 1);

/** `docker exec … <id> sh -e script` runs what follows the container's id; `docker run` an image. */
function dockerCall(args: readonly string[], folders: StepFolders): StepCall {
  if (args[1] === "run") {
    const at = args.indexOf("--entrypoint");
    const entrypoint = at < 0 ? null : (args[at + 1] ?? null);
    return { kind: "docker_run", script: "", entrypoint };
  }
  if (args[1] !== "exec") return other;
  const container = args.findIndex((arg, at) => at > 1 && containerId.test(arg));
  return container < 0 ? other : stepCall(args.slice(container + 1), folders);
}
const containerId = /^[0-9a-f]{64}$/;

/** The first argument of node that is no option of its own. */
const script = (args: readonly string[]): string =>
  args.slice(1).find((arg) => !arg.startsWith("-")) ?? "";

/** pwsh gets the path within a command. */
const unquoted = (arg: string): string => /^\. '(.*)'$/.exec(arg)?.[1] ?? arg;
const isTemporaryScript = (arg: string): boolean =>
  /\/_temp\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(\.\w+)?$/.test(arg);
