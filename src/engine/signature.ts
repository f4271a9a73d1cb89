import type { EventName, EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import type { Behaviour } from "./behaviours.ts";
import type { Severity } from "./severity.ts";

/** What a signature says about one event; the engine adds the job, the time and the process. */
export interface Match {
  /** One sentence for the reader of the job's report. May quote the event: reports escape it. */
  readonly message: string;
  /** The facts behind the sentence, for the reader who doubts it: short names and values. */
  readonly evidence: Readonly<Record<string, string | number>>;
  /**
   * Matches with the same key in one job become one finding, which says what the worst of them says.
   * Default: each event is its own.
   */
  readonly key?: string;
  /** When this match is more, or less, severe than the signature usually is. */
  readonly severity?: Severity;
  /** Who did it, when that is another process of the job than the event's. */
  readonly process?: Process;
  /** When this match shows fewer of the signature's behaviours than all. */
  readonly behaviours?: readonly [Behaviour, ...Behaviour[]];
}

/** What a signature may remember during one job. Bounded: the oldest entry makes room. */
export interface Memory {
  get(key: string): number | undefined;
  /** Also makes the key the newest. */
  set(key: string, value: number): void;
}

/** What a signature may ask about the job of the event. All of it follows from earlier events. */
export interface JobContext {
  readonly memory: Memory;
  /** The process of the event, after the event was applied to it. */
  readonly process: Process;
  /** Any process of the job by its key; undefined when it is not, or no longer, known. */
  processOf(process_key: number): Process | undefined;
}

type Sample<N extends EventName> = { readonly event: N } & Partial<EventNamed<N>>;
export type Samples = { readonly [N in EventName]: Sample<N> }[EventName];
/** Sequences of events with the fields that matter; there is one at least. */
export type Sequences = readonly [readonly Samples[], ...(readonly Samples[])[]];

/** Ours; a rule in Sigma's language; a signature of the host's own. */
export type SignatureId = `JW-${number}` | `TRC-${number}` | `SIGMA-${string}` | `CUSTOM-${string}`;

export interface Signature<N extends EventName = EventName> {
  readonly id: SignatureId;
  /** Ids under which other tools, or earlier versions, know it. */
  readonly formerly?: readonly string[];
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly behaviours: readonly Behaviour[];
  /** ATT&CK techniques. */
  readonly attack: readonly `T${number}`[];
  readonly doc: string;
  /** Why it matters, for a developer who is not a security person. */
  readonly why: string;
  /** What harmless activity also fires, for the reader who must decide. */
  readonly benign: readonly string[];
  /** How an attacker who knows the signature gets round it. */
  readonly evade: readonly string[];
  readonly events: readonly [N, ...N[]];
  /** Pure: no clock, no I/O. The same events in the same order match alike, live or replayed. */
  readonly match: (event: EventNamed<N>, job: JobContext) => Match | undefined;
  /**
   * Run as tests. The last event of a sequence fires or stays silent; absent fields are zero.
   * Events of any kind may come before, because they make the processes.
   */
  readonly examples: {
    readonly fires: readonly (readonly Samples[])[];
    readonly silent: readonly (readonly Samples[])[];
  };
}

/** A signature in code, which says all of it: none of its lists is empty. */
export interface WholeSignature<N extends EventName> extends Signature<N> {
  readonly behaviours: readonly [Behaviour, ...Behaviour[]];
  readonly attack: readonly [`T${number}`, ...`T${number}`[]];
  readonly benign: readonly [string, ...string[]];
  readonly evade: readonly [string, ...string[]];
  readonly examples: { readonly fires: Sequences; readonly silent: Sequences };
}

export const defineSignature = <const N extends EventName>(
  signature: WholeSignature<N>,
): WholeSignature<N> => signature;
