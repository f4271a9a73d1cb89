import type { StepChild, StepPhase } from "../../src/jobs/step.ts";
import { stepIds } from "../../src/jobs/step_ids.ts";
import {
  anEntry,
  type Entry,
  folderOf,
  type Runs,
  someActions,
  work_folder,
  workspace,
} from "./played_actions.ts";
import type { Seeded } from "./seeded.ts";

/** What a child of the Worker really is. */
export interface Truth {
  readonly phase: StepPhase;
  readonly position: number;
  readonly nested: readonly number[];
  readonly uses: string | null;
}

export interface PlayedChild {
  readonly child: StepChild;
  readonly truth: Truth;
  readonly exit: number;
  /** Of a background step: it runs until the posts begin. */
  readonly is_background: boolean;
}

export interface PlayedJob {
  readonly steps: readonly Entry[];
  readonly ids: readonly string[];
  readonly actions: ReadonlyMap<string, Runs>;
  readonly children: readonly PlayedChild[];
  /** How many come before the first post. */
  readonly before_posts: number;
}

/** Where an entry stands: its step's id, its positions, and the composite action that it is in. */
interface At {
  readonly id: string;
  readonly path: readonly number[];
  readonly within: string | undefined;
}

const shares = {
  background_job: 0.4,
  background_step: 0.4,
  lent_name: 0.5,
  skipped: 0.4,
  silent_failure: 0.2,
  success: 0.85,
  conditional: 0.5,
  lie: 0.1,
  mixed: 0.5,
};

/** Plays a job as the runner would: all pre, all main, all post in the other order. */
export function playJob(random: Seeded): PlayedJob {
  return new Player(random).play();
}

class Player {
  readonly #random: Seeded;
  readonly #actions: ReadonlyMap<string, Runs>;
  #children: PlayedChild[] = [];
  /** Entries whose post is due, by their positions. */
  readonly #registered = new Set<string>();
  #keys = 0;

  constructor(random: Seeded) {
    this.#random = random;
    this.#actions = someActions(random);
  }

  play(): PlayedJob {
    const steps = this.#steps();
    const ids = stepIds(steps);
    const ats = ids.map((id, position): At => ({ id, path: [position], within: undefined }));
    const all = steps.map((step, i) => [step, ats[i] as At] as const); // as many as there are ids
    for (const [step, at] of all) this.#pre(step, at);
    this.#mains(all, ids);
    const before_posts = this.#children.length;
    for (const [step, at] of all.toReversed()) this.#post(step, at);
    return { steps, ids, actions: this.#actions, children: this.#children, before_posts };
  }

  #steps(): Entry[] {
    const random = this.#random;
    const names = [...this.#actions.keys(), "docker://alpine"];
    const has_background = random.chance(shares.background_job);
    return Array.from({ length: random.whole(2, 6) }, () => {
      const entry = anEntry(random, names);
      const is_background = has_background && random.chance(shares.background_step);
      return is_background ? { ...entry, background: true } : entry;
    });
  }

  /** A local action is not there before a checkout, and so has no pre. */
  #pre(entry: Entry, at: At): void {
    const { uses } = entry;
    const runs = this.#actions.get(uses ?? "");
    if (!runs || uses?.startsWith("./")) return;
    for (const [step, below] of this.#nested(entry, at)) this.#pre(step, below);
    if (!runs.pre || (runs["pre-if"] && this.#random.chance(shares.conditional))) return;
    this.#start(entry, at, "pre");
  }

  #mains(all: readonly (readonly [Entry, At])[], ids: readonly string[]): void {
    let has_failed = false;
    const waiting: PlayedChild[][] = [];
    for (const [step, at] of all) {
      if (step.if ? this.#random.chance(shares.skipped) : has_failed) continue;
      const from = this.#children.length;
      const is_good = this.#main(step, at);
      if (step.background)
        waiting.push(this.#children.splice(from).map((one) => this.#lend(one, ids)));
      else has_failed ||= !is_good;
      for (const list of waiting) this.#mix(list, from);
    }
    this.#children.push(...waiting.flat());
  }

  /** What is nested in a background step runs under the name of any step that runs then. */
  #lend(played: PlayedChild, ids: readonly string[]): PlayedChild {
    const aside = { ...played, is_background: true };
    if (played.truth.nested.length === 0 || !this.#random.chance(shares.lent_name)) return aside;
    const environment = { ...played.child.environment, GITHUB_ACTION: this.#random.one(ids) };
    return { ...aside, child: { ...played.child, environment } };
  }

  /** Some of what runs in the background starts among what came since. */
  #mix(list: PlayedChild[], from: number): void {
    for (let at = from; at <= this.#children.length; at++) {
      const next = this.#random.chance(shares.mixed) ? list.shift() : undefined;
      if (next) this.#children.splice(at, 0, next);
    }
  }

  /** @returns whether what follows goes on */
  #main(entry: Entry, at: At): boolean {
    const is_forgiven = entry["continue-on-error"] ?? false;
    const nested = this.#nested(entry, at);
    if (nested.length > 0) {
      let is_good = true;
      for (const [step, below] of nested) {
        if (step.if ? this.#random.chance(shares.skipped) : !is_good) continue;
        is_good = this.#main(step, below) && is_good;
      }
      return is_good || is_forgiven;
    }
    // Its inputs, say, could not be evaluated.
    if (is_forgiven && this.#random.chance(shares.silent_failure)) return true;
    const is_good = this.#random.chance(shares.success);
    this.#start(entry, at, "main", is_good ? 0 : 1);
    return is_good || is_forgiven;
  }

  #post(entry: Entry, at: At): void {
    for (const [step, below] of this.#nested(entry, at).toReversed()) this.#post(step, below);
    const runs = this.#actions.get(entry.uses ?? "");
    if (!runs?.post || !this.#registered.has(at.path.join())) return;
    if (runs["post-if"] && this.#random.chance(shares.conditional)) return;
    this.#start(entry, at, "post");
  }

  #nested({ uses = "" }: Entry, { id, path }: At): readonly (readonly [Entry, At])[] {
    const steps = this.#actions.get(uses)?.steps ?? [];
    return steps.map((step, i) => [step, { id, path: [...path, i], within: uses }] as const);
  }

  #start(entry: Entry, at: At, phase: "pre" | "main" | "post", exit = 0): void {
    if (phase !== "post") this.#registered.add(at.path.join());
    const process_key = ++this.#keys;
    const [position = 0, ...nested] = at.path;
    const args = this.#args(entry, phase);
    this.#children.push({
      child: { process_key, time_us: process_key, args, environment: this.#environment(entry, at) },
      truth: { phase, position, nested, uses: entry.uses ?? null },
      ...{ exit, is_background: false },
    });
  }

  #args({ uses, shell = "bash" }: Entry, phase: "pre" | "main" | "post"): readonly string[] {
    if (uses === undefined) return shells[shell] ?? [];
    const runs = this.#actions.get(uses);
    if (runs?.using !== "node24") return ["/usr/bin/docker", "run", "--rm", "image"];
    return ["/home/ci/runner/externals/node24/bin/node", `${folderOf(uses)}/${runs[phase]}`];
  }

  #environment({ uses }: Entry, { id, within }: At): StepChild["environment"] {
    // A step says where its action is, and a workflow may say it too.
    const is_lie = within === undefined && this.#random.chance(shares.lie);
    const said = is_lie ? this.#random.one([...this.#actions.keys()]) : within;
    const [name, ref] = uses?.includes("@") ? uses.split("@") : [];
    return {
      RUNNER_TEMP: `${work_folder}/_temp`,
      GITHUB_WORKSPACE: workspace,
      GITHUB_ACTION: id,
      ...(said === undefined ? {} : { GITHUB_ACTION_PATH: folderOf(said) }),
      ...(name && ref
        ? {
            GITHUB_ACTION_REPOSITORY: name.split("/").slice(0, 2).join("/"),
            GITHUB_ACTION_REF: ref,
          }
        : {}),
    };
  }
}

const script = `${work_folder}/_temp/0a1b2c3d-0000-4000-8000-00000000000f.sh`;
const shells: Readonly<Record<string, readonly string[]>> = {
  bash: ["/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
  sh: ["/bin/sh", "-e", script],
};
