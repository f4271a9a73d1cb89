import type { Behaviour } from "../../src/engine/behaviours.ts";
import type { Severity } from "../../src/engine/severity.ts";
import type { JobToTrace, Traced } from "./traced_job.ts";

/** One way of doing what a behaviour says. Variants of a behaviour differ in mechanism. */
export interface Variant extends JobToTrace {
  /** A sentence about what the job does. */
  readonly name: string;
  /** Throws unless the job really did it: by what it printed, or left in its directory. */
  readonly happened: (traced: Traced) => void;
  /** What must be found; other findings of the same attack may stand beside it. */
  readonly found: {
    readonly signature: string;
    readonly severity: Severity;
    readonly behaviour: Behaviour;
    /** How the path of the process ends that is named as the one who did it. */
    readonly program: string;
    /** What the sentence says. */
    readonly message: RegExp;
  };
}

/** A job that does nothing wrong, though it looks like it. */
export interface BenignJob extends JobToTrace {
  readonly name: string;
  /** Throws unless the job really did its work. */
  readonly worked: (traced: Traced) => void;
  /** Findings below medium that are accepted, by signature, each with the reason. */
  readonly accepted?: Readonly<Record<string, string>>;
}
