import { YamlFile } from "./yaml_nodes.ts";
import { stepsIn, type WrittenStep } from "./yaml_steps.ts";

/** What an action runs, and when. */
export interface ActionManifest {
  readonly kind: "node" | "docker" | "composite" | "unknown";
  /** Scripts of a node action, entry points of a docker action; null when there is none. */
  readonly pre: string | null;
  readonly main: string | null;
  readonly post: string | null;
  /** It has a `pre-if:`, so that its pre may be skipped. */
  readonly is_pre_conditional: boolean;
  readonly is_post_conditional: boolean;
  /** Of a docker action: a Dockerfile, or `docker://` and an image. */
  readonly image: string | null;
  /** Of a composite action. */
  readonly steps: readonly WrittenStep[];
}

/**
 * Reads an `action.yml`. The text is hostile.
 * @returns undefined when it is no YAML, has no `runs:`, or is beyond any limit
 */
export function parseActionManifest(text: string): ActionManifest | undefined {
  const file = YamlFile.parse(text);
  if (!file) return undefined;
  const runs = file.get(file.root, "runs");
  if (runs === undefined) return undefined;
  const field = (key: string) => file.text(file.get(runs, key)) || null;
  const kind = kindOf(field("using"));
  const steps = kind === "composite" ? stepsIn(file, file.get(runs, "steps")) : [];
  if (!steps) return undefined;
  const isDocker = kind === "docker";
  return {
    kind,
    pre: field(isDocker ? "pre-entrypoint" : "pre"),
    main: field(isDocker ? "entrypoint" : "main"),
    post: field(isDocker ? "post-entrypoint" : "post"),
    is_pre_conditional: file.has(runs, "pre-if"),
    is_post_conditional: file.has(runs, "post-if"),
    image: field("image"),
    steps,
  };
}

function kindOf(using: string | null): ActionManifest["kind"] {
  const word = using?.toLowerCase() ?? "";
  if (/^node\d{2}$/.test(word)) return "node";
  return word === "docker" || word === "composite" ? word : "unknown";
}
