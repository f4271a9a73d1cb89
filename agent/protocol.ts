import type { ErrorCode } from "../src/base/errors.ts";
import type { TraceResult } from "../src/cli/context.ts";
import type { Finding } from "../src/engine/finding.ts";

/** What the pipeline's thread is started with. */
export interface PipelineStart {
  readonly state_directory: string;
  readonly cgroup_root: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly cgroup_id: bigint;
  /** Of the host's own rules. */
  readonly rules_directory: string;
  /** Bytes of the kernel's rings by name, when not the usual ones. */
  readonly ring_bytes: Readonly<Record<string, number>>;
}

/** To the pipeline's thread: the command has ended. */
export interface CommandEnd {
  readonly exit_code: number;
  readonly signal: string | null;
}

/** From the pipeline's thread. */
export type PipelineMessage =
  | { readonly type: "ready"; readonly job: number }
  | { readonly type: "finding"; readonly finding: Finding }
  | { readonly type: "ended"; readonly result: TraceResult }
  | { readonly type: "failed"; readonly code: ErrorCode; readonly message: string };
