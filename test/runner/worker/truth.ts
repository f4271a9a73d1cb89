import { appendFileSync } from "node:fs";
import { startTimeOf } from "../processes.ts";

/** Phases of a job, as far as they start processes. */
export type Kind = "set_up" | "hook_started" | "pre" | "main" | "post" | "hook_completed" | "other";

/** Which step a process is for. */
export interface Origin {
  readonly kind: Kind;
  /** 0-based in the job's `steps:`; null outside of steps. */
  readonly position: number | null;
  /** 0-based positions within composite actions, from the outermost. */
  readonly nested: readonly number[];
  readonly action: string | null;
  readonly uses: string | null;
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
}

/** `main:3:0.1`: what `mark` writes down about a process that is deep inside a step. */
export const originText = ({ kind, position, nested }: Origin): string =>
  `${kind}:${position ?? ""}:${nested.join(".")}`;

/** Writes the truth file of a job. Others append to it too: each line is one write. */
export class Truth {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  line(value: object): void {
    appendFileSync(this.#path, `${JSON.stringify(value)}\n`);
  }

  /** A container that the runner itself makes; its processes are no descendants of the Worker. */
  container(container: { readonly id?: string; readonly name: string }, origin: Origin): void {
    this.line({ type: "container", ...container, ...origin });
  }

  /** A direct child that has been started a moment ago. */
  child(pid: number, origin: Origin, file: string): void {
    this.line({ type: "child", pid, start_time: startTimeOf(pid), program: file, ...origin });
  }
}
