import type { Peer } from "../native/index.ts";

/** What a hook is told: what it prints, and how it ends. */
export interface HookAnswer {
  /** Exit code of the hook, 0 to 255; not 0 fails the job. */
  readonly exit: number;
  /** Printed into the job's log as it is: lines of `src/report/hook_text.ts`. */
  readonly text: string;
  /** Markdown for the job's summary; none is written when it is absent. */
  readonly summary?: string;
}

/**
 * What answers the hooks. It judges who asks, and answers those that it refuses too: that a
 * connection came says nothing, because every process of the host can make one.
 */
export interface HookJobs {
  started(peer: Peer): Promise<HookAnswer>;
  completed(peer: Peer): Promise<HookAnswer>;
  /**
   * Whether the peer can be the hook of a runner, such as a child of a known Worker. For these a
   * part of the places is kept, so that a job that floods the socket does not keep its own hook out.
   * Must be quick. Absent: there are no such places.
   */
  isExpected?(peer: Peer): boolean;
}
