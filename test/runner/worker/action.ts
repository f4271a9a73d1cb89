import { createHash } from "node:crypto";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { isSeq } from "yaml";
import type { Step, Texts } from "../plan.ts";
import { stepsOf } from "../steps.ts";
import { at, keysOf, readYaml, textAt, textsAt } from "../yaml_nodes.ts";
import type { Session } from "./session.ts";

/** The manifest of an action. */
export type Action = NodeAction | CompositeAction | DockerAction;

interface Common {
  readonly folder: string;
  /** Defaults of the inputs. */
  readonly inputs: Texts;
}

export interface NodeAction extends Common {
  readonly kind: "node";
  readonly runtime: string;
  readonly main: string;
  readonly pre?: string;
  readonly post?: string;
}

export interface CompositeAction extends Common {
  readonly kind: "composite";
  readonly steps: readonly Step[];
  readonly outputs: Texts;
}

export interface DockerAction extends Common {
  readonly kind: "docker";
  /** `Dockerfile`, or `docker://image`. */
  readonly image: string;
  readonly entrypoint?: string;
  readonly args: readonly string[];
  readonly env: Texts;
}

/** What `uses:` names, apart. */
export interface Reference {
  /** `owner/repo`; undefined for one in the workspace. */
  readonly repository?: string;
  readonly ref?: string;
  readonly path: string;
}

/** Takes `owner/repo/path@ref` or `./path` apart. */
export function referenceOf(uses: string): Reference {
  if (uses.startsWith("./")) return { path: uses.slice(2) };
  const [name = "", ref = ""] = uses.split("@");
  const parts = name.split("/");
  return { repository: parts.slice(0, 2).join("/"), ref, path: parts.slice(2).join("/") };
}

/** Where an action lies on the host. */
export function folderOf({ folders }: Session, uses: string): string {
  const { repository, ref = "", path } = referenceOf(uses);
  if (repository === undefined) return join(folders.workspace, path);
  return join(folders.actions, repository, ref, path);
}

/**
 * Reads an action's manifest.
 * @throws Error when there is none
 */
export function readAction(folder: string): Action {
  const names = ["action.yml", "action.yaml"].map((name) => join(folder, name));
  const manifest = names.find(existsSync);
  if (!manifest) return dockerfileAlone(folder);
  const { root, lines } = readYaml(manifest);
  const declared = at(root, "inputs");
  const inputs = Object.fromEntries(
    keysOf(declared).map((name) => [name, textAt(declared, name, "default") ?? ""]),
  );
  const using = textAt(root, "runs", "using") ?? "";
  const common = { folder, inputs };
  if (using === "composite") {
    const outputs = at(root, "outputs");
    return {
      ...common,
      kind: "composite",
      steps: stepsOf(at(root, "runs", "steps"), lines),
      outputs: Object.fromEntries(
        keysOf(outputs).map((name) => [name, textAt(outputs, name, "value") ?? ""]),
      ),
    };
  }
  if (using === "docker") return { ...common, kind: "docker", ...dockerOf(root) };
  const [pre, post] = [textAt(root, "runs", "pre"), textAt(root, "runs", "post")];
  return {
    ...common,
    kind: "node",
    // Older ones are played by the oldest that is there.
    runtime: using === "node24" ? "node24" : "node20",
    main: textAt(root, "runs", "main") ?? "",
    ...(pre !== undefined && { pre }),
    ...(post !== undefined && { post }),
  };
}

function dockerOf(root: unknown) {
  const args = at(root, "runs", "args");
  const entrypoint = textAt(root, "runs", "entrypoint");
  return {
    image: textAt(root, "runs", "image") ?? "",
    args: isSeq(args) ? (args.toJSON() as unknown[]).map(String) : [],
    env: textsAt(root, "runs", "env"),
    ...(entrypoint !== undefined && { entrypoint }),
  };
}

function dockerfileAlone(folder: string): DockerAction {
  if (!existsSync(join(folder, "Dockerfile"))) throw new Error(`no action in ${folder}`);
  return { kind: "docker", folder, inputs: {}, image: "Dockerfile", args: [], env: {} };
}

/** Puts what these steps use into `_actions`, with what their composite actions use. */
export function download(session: Session, steps: readonly Step[]): void {
  for (const { uses } of steps) {
    if (uses === undefined || uses.startsWith("docker://") || uses.startsWith("./")) continue;
    fetch(session, uses);
    const action = readAction(folderOf(session, uses));
    if (action.kind === "composite") download(session, action.steps);
  }
}

function fetch({ standIn, folders, trace }: Session, uses: string): void {
  const { repository = "", ref = "" } = referenceOf(uses);
  const to = join(folders.actions, repository, ref);
  if (existsSync(to)) return;
  const from = join(standIn.actions, repository, ref);
  if (!existsSync(from))
    throw new Error(`no fixture of ${repository}@${ref} in ${standIn.actions}`);
  const archive = `https://api.github.com/repos/${repository}/zipball/${commitOf(uses)}`;
  trace.info("ActionManager", `Save archive '${archive}' into ${to}.tar.gz.`);
  cpSync(from, to, { recursive: true });
}

/** The commit that a ref stands for: itself when it is one, otherwise one made up from it. */
export function commitOf(uses: string): string {
  const { repository = "", ref = "" } = referenceOf(uses);
  if (/^[0-9a-f]{40}$/.test(ref)) return ref;
  return createHash("sha1").update(`${repository}@${ref}`).digest("hex");
}
