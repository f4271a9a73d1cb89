import type { ActionManifest } from "./action_manifest.ts";
import type { StepKind, StepPhase } from "./step.ts";
import type { StepCall } from "./step_call.ts";
import type { StepEnvironment } from "./step_variables.ts";
import { parseUses, tidy } from "./uses.ts";
import type { WrittenStep } from "./yaml_steps.ts";

/** Gives the manifest of the action in a directory of the host; undefined when it cannot be read. */
export type ManifestOf = (directory: string) => ActionManifest | undefined;

/** What of a step decides which processes are its own. */
export type LeafSource = Pick<WrittenStep, "uses" | "run" | "is_skippable">;

/** A step that runs processes of its own: of the job, or nested in composite actions. */
export interface Leaf {
  readonly nested: readonly number[];
  readonly kind: StepKind;
  readonly uses: string | null;
  /** Text of its script, with its expressions; null when it has none, or it is not known. */
  readonly run: string | null;
  /** Directory of its action; empty when it has none. */
  readonly directory: string;
  /** Directory of the composite action that it stands in; empty at the top. */
  readonly within: string;
  readonly manifest: ActionManifest | undefined;
  /**
   * Of an action in the workspace, or in one: the runner prepares it when its step begins, and then
   * runs no pre (ActionRunner.cs).
   */
  readonly is_local: boolean;
  /** Whether later ones may run without it. */
  readonly is_skippable: boolean;
  /** Phases of which a process was seen. */
  readonly seen: Set<StepPhase>;
}

export interface LeafPlaces {
  readonly actions_folder: string;
  readonly workspace: string;
  readonly manifestOf: ManifestOf;
}

/**
 * The leaves of one step of a job, in the order in which they run.
 * @returns undefined when an action in it cannot be read: then what is nested in it is not known
 */
export function leavesOf(source: LeafSource, places: LeafPlaces): readonly Leaf[] | undefined {
  const leaves: Leaf[] = [];
  const isWhole = addLeaves(
    leaves,
    source,
    { nested: [], within: "", is_local: false, is_skippable: false },
    places,
  );
  return isWhole && leaves.length <= mostLeaves ? leaves : undefined;
}

interface Around {
  readonly nested: readonly number[];
  readonly within: string;
  readonly is_local: boolean;
  readonly is_skippable: boolean;
}

function addLeaves(into: Leaf[], source: LeafSource, around: Around, places: LeafPlaces): boolean {
  const { uses, run } = source;
  const is_skippable = around.is_skippable || source.is_skippable;
  const is_local = around.is_local || uses?.startsWith("./") === true;
  const common = { nested: around.nested, within: around.within, is_local, is_skippable };
  const bare = { ...common, uses, run, directory: "", manifest: undefined };
  if (uses === null) {
    into.push({ ...bare, kind: "run", seen: new Set() });
    return true;
  }
  if (uses.startsWith("docker://")) {
    into.push({ ...bare, kind: "docker", seen: new Set() });
    return true;
  }
  const directory = directoryOf(uses, places);
  const manifest = directory === "" ? undefined : places.manifestOf(directory);
  if (!manifest || manifest.kind === "unknown") return false;
  if (manifest.kind !== "composite") {
    into.push({ ...bare, kind: manifest.kind, directory, manifest, seen: new Set() });
    return true;
  }
  // The runner's own limit (Constants.cs: CompositeActionsMaxDepth).
  if (around.nested.length >= deepest || into.length > mostLeaves) return false;
  return manifest.steps.every((step) => {
    const nested = [...around.nested, step.position];
    return addLeaves(into, step, { nested, within: directory, is_local, is_skippable }, places);
  });
}

const deepest = 9;
const mostLeaves = 2000;

/** Where the runner has put an action; empty for what has no directory. */
function directoryOf(uses: string, { actions_folder, workspace }: LeafPlaces): string {
  const parsed = parseUses(uses);
  if (parsed?.kind === "local") return workspace && `/${tidy(`${workspace}/${parsed.path}`)}`;
  if (parsed?.kind !== "repository") return "";
  const { repository, ref, path } = parsed;
  return `/${tidy(`${actions_folder}/${repository}/${ref}/${path}`)}`;
}

export interface Call {
  readonly call: StepCall;
  readonly environment: StepEnvironment;
  /** `GITHUB_ACTION_PATH` as a path of the host; empty when it has none. */
  readonly action_path: string;
  readonly script: string | undefined;
}

/** The phases of a leaf in which a process can have been started as that. */
export function phasesOf(leaf: Leaf, called: Call): readonly StepPhase[] {
  const { call } = called;
  if (leaf.kind === "run") return isItsScript(leaf, called) ? ["main"] : [];
  if (leaf.kind === "node") {
    if (call.kind !== "node") return [];
    const isScript = (script: string | null | undefined): boolean =>
      !!script && `/${tidy(`${leaf.directory}/${script}`)}` === call.script;
    return inOrder
      .filter((phase) => phase !== "pre" || !leaf.is_local)
      .filter((phase) => isScript(leaf.manifest?.[phase]));
  }
  if (call.kind !== "docker_run") return [];
  const { pre, post } = leaf.manifest ?? { pre: null, post: null };
  if (call.entrypoint !== null && call.entrypoint === pre) return ["pre"];
  if (call.entrypoint !== null && call.entrypoint === post) return ["post"];
  return ["main"];
}
const inOrder = ["pre", "main", "post"] as const;

function isItsScript(leaf: Leaf, { call, environment, action_path, script }: Call): boolean {
  if (call.kind !== "script" || environment.GITHUB_ACTION_REPOSITORY) return false;
  // At the top a workflow can set the variable as it likes; below, the runner does.
  if (leaf.within !== "" && leaf.within !== action_path) return false;
  return script === undefined || leaf.run === null || isFrom(script, leaf.run);
}

/**
 * Whether a script can have come from a text with expressions, which were replaced by anything.
 * @param text as WrittenStep has it, which may be cut
 */
export function isFrom(script: string, text: string): boolean {
  const given = script.replaceAll("\r\n", "\n").trim();
  const wanted = text.replaceAll("\r\n", "\n").trim();
  if (given === wanted) return true;
  const parts = wanted.split(/\$\{\{[\s\S]*?\}\}/);
  // PowerShell's is put between two lines of the runner's own (ScriptHandlerHelpers.cs).
  const isWhole = parts.length === 1 && text.length < cutAfter && !given.startsWith(preamble);
  if (isWhole) return false;
  let at = 0;
  for (const part of parts) {
    const found = given.indexOf(part.trim(), at);
    if (found < 0) return false;
    at = found + part.trim().length;
  }
  return true;
}
const cutAfter = 4096;
const preamble = "$ErrorActionPreference";
