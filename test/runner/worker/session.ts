import { join } from "node:path";
import type { StandIn } from "../plan.ts";
import type { Post } from "./frame.ts";
import type { JobLog } from "./job_log.ts";
import type { Mask, TraceLog } from "./trace_log.ts";
import type { Truth } from "./truth.ts";

/** Folders of a runner, for one job. */
export interface Folders {
  readonly root: string;
  readonly work: string;
  readonly temp: string;
  readonly actions: string;
  readonly tools: string;
  readonly externals: string;
  /** `<work>/<repo>`. */
  readonly pipeline: string;
  /** `<work>/<repo>/<repo>`. */
  readonly workspace: string;
}

/** Outcome of a step. */
export interface StepResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly outcome: "success" | "failure" | "skipped" | "cancelled";
}

/** One step, over its phases. */
export interface Instance {
  /** `STATE_…` of its later phases. */
  readonly state: Record<string, string>;
  /** Of the steps nested in it. */
  readonly posts: Post[];
  hasPost: boolean;
}

/** What all of a Worker shares while it plays its job. */
export interface Session {
  readonly standIn: StandIn;
  readonly folders: Folders;
  readonly trace: TraceLog;
  readonly log: JobLog;
  readonly truth: Truth;
  readonly mask: Mask;
  /** The `github` context of the job; each step gets a copy. */
  readonly github: Record<string, unknown>;
  readonly runner: Readonly<Record<string, string>>;
  /** The `env` context of the job. */
  readonly env: Record<string, string>;
  /** What steps added with `$GITHUB_PATH`, the last first. */
  readonly path: string[];
  readonly status: { failed: boolean; cancelled: boolean };
  readonly summaries: { readonly step: string; readonly text: string }[];
  /** Ids of the records of the job's steps, by position. */
  readonly records: readonly string[];
  /** What the phases of one step hand on, by its place. */
  readonly instances: Map<string, Instance>;
  /** Id of the job container, once there is one. */
  container?: string;
  /** Ids of the containers of services. */
  readonly services: string[];
  /** Images of docker actions, by the action's folder. */
  readonly images: Map<string, string>;
  /** Name of the network of the job's containers. */
  network?: string;
  /** Pids of the direct children that run. */
  readonly children: Set<number>;
}

/** Where things are below the root of a runner. */
export function foldersOf(root: string, repository: string): Folders {
  const work = join(root, "_work");
  const name = repository.split("/").at(-1) ?? repository;
  return {
    root,
    work,
    temp: join(work, "_temp"),
    actions: join(work, "_actions"),
    tools: join(work, "_tool"),
    externals: join(root, "externals"),
    pipeline: join(work, name),
    workspace: join(work, name, name),
  };
}
