import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Mask } from "./trace_log.ts";

/** The log of a job: what its steps print, and what the runner says about them. */
export class JobLog {
  readonly #path: string;
  readonly #mask: Mask;

  constructor(path: string, mask: Mask) {
    this.#path = path;
    this.#mask = mask;
  }

  write(text: string): void {
    appendFileSync(this.#path, this.#mask(text));
  }

  line(text: string): void {
    this.write(`${text}\n`);
  }
}

/**
 * The log of one record in `_diag`: made with the first output, named by the record, deleted after
 * the upload that the stand-in does not do.
 */
export class RecordLog {
  readonly #paths: readonly string[];
  readonly #log: JobLog;
  #open = false;

  constructor(root: string, timeline: string, record: string, log: JobLog) {
    const name = `${timeline}_${record}`;
    const diag = join(root, "_diag");
    this.#paths = [join(diag, "pages", `${name}_1.log`), join(diag, "blocks", `${name}.1`)];
    this.#log = log;
  }

  write(text: string): void {
    this.#log.write(text);
    for (const path of this.#paths) {
      if (!this.#open) mkdirSync(join(path, ".."), { recursive: true });
      appendFileSync(path, text);
    }
    this.#open = true;
  }

  /** Deletes the files, as after the upload. */
  close(): void {
    for (const path of this.#paths) rmSync(path, { force: true });
  }
}
