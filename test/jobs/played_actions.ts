import type { Seeded } from "./seeded.ts";

/** An entry of `steps:`, of a job or of a composite action. */
export interface Entry {
  readonly run?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly "continue-on-error"?: boolean;
  readonly background?: boolean;
}

/** `runs:` of an action. */
export interface Runs {
  readonly using: string;
  readonly pre?: string;
  readonly "pre-if"?: string;
  readonly main?: string;
  readonly post?: string;
  readonly "post-if"?: string;
  readonly image?: string;
  readonly steps?: readonly Entry[];
}

export const work_folder = "/home/ci/runner/_work";
export const workspace = `${work_folder}/app/app`;

/** Where the runner has an action. */
export function folderOf(uses: string): string {
  if (uses.startsWith("./")) return `${workspace}/${uses.slice(2)}`;
  const [name = "", ref = ""] = uses.split("@");
  const [owner, repository, ...below] = name.split("/");
  return [`${work_folder}/_actions`, owner, repository, ref, ...below].join("/");
}

const node = "node24";

/** Actions that are hard to tell apart: the same program for phases, hidden phases, folders in folders. */
const simple: Readonly<Record<string, Runs>> = {
  "a/main@v1": { using: node, main: "m.js" },
  "a/three@v1": { using: node, pre: "a.js", main: "b.js", post: "c.js" },
  "a/same@v1": { using: node, main: "x.js", post: "x.js" },
  "a/one@v1": { using: node, pre: "x.js", main: "x.js", post: "x.js" },
  "a/late@v1": { using: node, pre: "p.js", main: "x.js", post: "x.js" },
  "a/perhaps@v1": { using: node, pre: "x.js", "pre-if": "y", main: "x.js", post: "x.js" },
  "a/maybe@v1": { using: node, main: "m.js", post: "p.js", "post-if": "y" },
  "a/deep/in@v1": { using: node, main: "../m.js", post: "../m.js" },
  "./own": { using: node, pre: "p.js", main: "m.js", post: "m.js" },
  "a/box@v1": { using: "docker", image: "Dockerfile" },
};

const composites = ["c/one@v1", "./two", "c/three@v1", "./four", "c/five@v1"];
const mostNested = 4;
const shares = { run: 0.4, if: 0.25, continue: 0.1 };

/** A script, or an action of those given. */
export function anEntry(random: Seeded, actions: readonly string[]): Entry {
  const what = random.chance(shares.run)
    ? { run: "x", shell: random.one(["bash", "bash", "sh"]) }
    : { uses: random.one(actions) };
  return {
    ...what,
    ...(random.chance(shares.if) ? { if: "always()" } : {}),
    ...(random.chance(shares.continue) ? { "continue-on-error": true } : {}),
  };
}

/** Actions of one job, by what a workflow calls them. Each composite uses only those before it. */
export function someActions(random: Seeded): ReadonlyMap<string, Runs> {
  const actions = new Map(Object.entries(simple));
  for (const name of composites) {
    const names = [...actions.keys()];
    const steps = Array.from({ length: random.whole(1, mostNested) }, () => anEntry(random, names));
    actions.set(name, { using: "composite", steps });
  }
  return actions;
}
