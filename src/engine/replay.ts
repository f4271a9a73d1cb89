import type { JobEvent } from "../events/index.ts";
import { briefArgs, rememberedProcesses } from "../jobs/brief_args.ts";
import { ProcessTree } from "../jobs/process_tree.ts";
import { Engine, type EngineProblem } from "./engine.ts";
import type { Finding } from "./finding.ts";
import type { Signature } from "./signature.ts";

/** What a job's events say now. */
export interface Replayed {
  /** One for each key of a signature, as the worst match made it; in the order of the first. */
  readonly findings: readonly Finding[];
  /** Signatures that failed. */
  readonly problems: readonly EngineProblem[];
  readonly events: number;
}

/**
 * Judges stored events again, as they were judged live.
 * @param events in the order in which they were processed
 */
export function replay(
  events: Iterable<{ readonly id: number; readonly event: JobEvent }>,
  signatures: readonly Signature[],
  job: number,
): Replayed {
  const tree = new ProcessTree({ limit: rememberedProcesses, redact: briefArgs });
  const engine = new Engine(signatures, tree, job);
  const found = new Map<string, Finding>();
  let count = 0;
  for (const { id, event } of events) {
    tree.apply(event);
    count++;
    for (const finding of engine.judge(event, id)) {
      found.set(keyOf(finding), {
        ...finding,
        time_us: found.get(keyOf(finding))?.time_us ?? finding.time_us,
      });
    }
  }
  return { findings: [...found.values()], problems: engine.problems, events: count };
}

/** What makes two findings of one job the same. */
export const keyOf = ({ signature, key }: Finding): string => `${signature} ${key}`;
