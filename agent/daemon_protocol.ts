import type { Peer } from "../native/index.ts";
import type { ErrorCode } from "../src/base/errors.ts";
import type { Severity } from "../src/engine/severity.ts";
import type { Notice } from "../src/events/notices/index.ts";
import type { ContainerRecord } from "../src/jobs/containers.ts";
import type { FoundRunner } from "../src/jobs/runner.ts";
import type { HookAnswer } from "./hook_jobs.ts";

/** What the agent's pipeline is started with. */
export interface DaemonStart {
  readonly state_directory: string;
  readonly runtime_directory: string;
  readonly pin_directory: string;
  readonly rules_directory: string;
  readonly cgroup_root: string;
  /** Bytes of the kernel's rings by name. */
  readonly ring_bytes: Readonly<Record<string, number>>;
  readonly hook_scripts: HookScripts;
  readonly fail_on: Severity | "never";
  /** Events and notices that this host does not need, by name. */
  readonly leave_out: readonly string[];
  /** Those that are here at the start. */
  readonly runners: readonly FoundRunner[];
}

/** Paths of the scripts that runners are told to run: exactly as they stand in the Worker's call. */
export interface HookScripts {
  readonly started: string;
  readonly completed: string;
}

/** To the pipeline's thread. */
export type ToPipeline =
  | { readonly type: "runners"; readonly runners: readonly FoundRunner[] }
  /** What was found out about a container. */
  | { readonly type: "container"; readonly record: ContainerRecord }
  | { readonly type: "settings"; readonly fail_on: Severity | "never" }
  | {
      readonly type: "hook";
      readonly id: number;
      readonly hook: keyof HookScripts;
      readonly peer: Peer;
    }
  | { readonly type: "stop" };

export type LogLevel = "debug" | "info" | "warn" | "error";

/** From the pipeline's thread. */
export type FromPipeline =
  | { readonly type: "ready"; readonly is_new: boolean; readonly unseen: readonly string[] }
  | { readonly type: "hook"; readonly id: number; readonly answer: HookAnswer }
  /** Of a container, about which more can be found out. */
  | { readonly type: "container"; readonly notice: Notice }
  /** A Listener was started somewhere: look for runners now. */
  | { readonly type: "scan" }
  | {
      readonly type: "log";
      readonly level: LogLevel;
      readonly fields: Readonly<Record<string, unknown>>;
      readonly message: string;
    }
  | { readonly type: "stopped" }
  | { readonly type: "failed"; readonly code: ErrorCode; readonly message: string };
