import type { EventName, JobEvent } from "../events/index.ts";
import { type Process, unknownProcess } from "../jobs/process.ts";
import type { ProcessTree } from "../jobs/process_tree.ts";
import type { Finding, FindingProcess } from "./finding.ts";
import type { Match, Signature } from "./signature.ts";
import { type Repeat, Watch } from "./watch.ts";

/** Why a signature stopped watching a job: reported with the findings, because it is a gap. */
export interface EngineProblem {
  readonly signature: string;
  readonly job: number;
  readonly event: string;
  readonly event_id: number;
  /** Unix microseconds of that event. */
  readonly time_us: number;
  readonly message: string;
}

export interface EngineOptions {
  /** Findings of one signature in one job; what matches beyond them is only counted. Default: 1,000. */
  readonly findings_limit?: number;
}

/**
 * Runs signatures over the events of one job. What it returns follows from the events alone, so
 * that a stored job judged again gives the same findings.
 */
export class Engine {
  readonly #tree: ProcessTree;
  readonly #job: number;
  readonly #watches: readonly Watch[];
  readonly #listeners = new Map<EventName, readonly Watch[]>();
  readonly #problems: EngineProblem[] = [];

  constructor(
    signatures: readonly Signature[],
    tree: ProcessTree,
    job: number,
    { findings_limit = 1_000 }: EngineOptions = {},
  ) {
    this.#tree = tree;
    this.#job = job;
    this.#watches = signatures.map((signature) => new Watch(signature, tree, findings_limit));
    for (const watch of this.#watches) {
      for (const name of watch.signature.events) {
        this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), watch]);
      }
    }
  }

  /** Signatures that failed; each is off for the rest of this job. */
  get problems(): readonly EngineProblem[] {
    return this.#problems;
  }

  /** Findings that matched more than once, in the order of their first match. */
  get repeats(): readonly Repeat[] {
    return this.#watches.flatMap((watch) => watch.repeats);
  }

  /** Matches that made no finding, because their signature had made its limit of them. */
  get suppressed(): number {
    return this.#watches.reduce((sum, { suppressed }) => sum + suppressed, 0);
  }

  /**
   * @param event one that the tree has already taken in
   * @param event_id names it in the table of its kind
   * @returns the findings that are new
   */
  judge(event: JobEvent, event_id: number): readonly Finding[] {
    const watches = this.#listeners.get(event.event);
    if (!watches) return nothing;
    let findings = nothing;
    for (const watch of watches) {
      const finding = this.#ask(watch, event, event_id);
      if (finding) findings = [...findings, finding];
    }
    return findings;
  }

  #ask(watch: Watch, event: JobEvent, event_id: number): Finding | undefined {
    try {
      const process =
        this.#tree.get(event.process_key) ?? unknownProcess(event.process_key, event.time_us);
      const match = watch.match(event, process);
      if (!match) return undefined;
      const key = match.key ?? `event ${event_id}`;
      const severity = match.severity ?? watch.signature.severity;
      if (!watch.isNew(key, severity, event.time_us)) return undefined;
      return this.#finding(watch.signature, match, key, event, event_id, match.process ?? process);
    } catch (error) {
      // One rule must not blind the others; that it is off is said with the findings.
      this.#disable(watch, event, event_id, error);
      return undefined;
    }
  }

  #finding(
    signature: Signature,
    match: Match,
    key: string,
    event: JobEvent,
    event_id: number,
    process: Process,
  ): Finding {
    return {
      signature: signature.id,
      formerly: signature.formerly ?? [],
      title: signature.title,
      severity: match.severity ?? signature.severity,
      behaviours: match.behaviours ?? signature.behaviours,
      job: this.#job,
      event_id,
      event: event.event,
      time_us: event.time_us,
      message: match.message,
      evidence: match.evidence,
      process: asItIs(process),
      ancestry: this.#tree.ancestry(process.process_key).map(asItIs),
      step: null,
      key,
      why: signature.why,
    };
  }

  #disable(watch: Watch, { event, time_us }: JobEvent, event_id: number, error: unknown): void {
    for (const [name, watches] of this.#listeners) {
      const others = watches.filter((other) => other !== watch);
      if (others.length > 0) this.#listeners.set(name, others);
      else this.#listeners.delete(name);
    }
    const { id, name } = watch.signature;
    const message = `${id} ${name} failed and is off for the rest of this job: ${reason(error)}`;
    this.#problems.push({ signature: id, job: this.#job, event, event_id, time_us, message });
  }
}

const nothing: readonly Finding[] = Object.freeze([]);

const asItIs = ({ process_key, pid, path, args }: Process): FindingProcess => ({
  process_key,
  pid,
  path,
  args,
});

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
