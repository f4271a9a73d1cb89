import { JobwardenError } from "../src/base/errors.ts";
import type { Finding } from "../src/engine/finding.ts";
import type { Repeat } from "../src/engine/watch.ts";
import type { EventName, JobEvent } from "../src/events/index.ts";
import type { Process } from "../src/jobs/process.ts";
import type { JobEnd } from "../src/store/jobs.ts";
import type { ProcessExtra } from "../src/store/processes.ts";
import type { Tables } from "../src/store/tables.ts";
import type { Writer } from "../src/store/writer.ts";

/**
 * The writer, for those who must go on when it cannot: when the disk is full, or another process
 * holds the database. What it refuses in a batch ends that batch; until the next one its methods do
 * nothing, and ids and rows are 0.
 */
export class BatchWriter {
  readonly #writer: Writer;
  #refusal: JobwardenError | undefined;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  begin(): void {
    this.#refusal = undefined;
    this.#try((writer) => writer.begin());
  }

  addEvent(event: JobEvent, job: number, process: number): number {
    if (this.#refusal) return 0;
    try {
      return this.#writer.addEvent(event, job, process);
    } catch (error) {
      return this.#refuse(error);
    }
  }

  addProcess(job: number, process: Process): number {
    return this.#try((writer) => writer.addProcess(job, process)) ?? 0;
  }

  updateProcess(row: number, process: Process, extra: ProcessExtra): void {
    this.#try((writer) => writer.updateProcess(row, process, extra));
  }

  fold(kind: EventName, id: number, count: number, last_us: number): void {
    this.#try((writer) => writer.fold(kind, id, count, last_us));
  }

  addFinding(finding: Finding): void {
    this.#try((writer) => writer.addFinding(finding));
  }

  countFinding(job: number, repeat: Repeat): void {
    this.#try((writer) => writer.countFinding(job, repeat));
  }

  addLoss(job: number, kind: string, lost: number): void {
    this.#try((writer) => writer.addLoss(job, kind, lost));
  }

  /** As `Writer.apply`. @returns undefined when the batch is refused */
  apply<T>(act: (tables: Tables) => T): T | undefined {
    return this.#try((writer) => writer.apply(act));
  }

  endJob(job: number, end: JobEnd): void {
    this.#try((writer) => writer.endJob(job, end));
  }

  /** @returns why nothing of the batch is stored; undefined when all of it is */
  commit(): JobwardenError | undefined {
    this.#try((writer) => writer.commit());
    return this.#refusal;
  }

  rollback(): void {
    this.#writer.rollback();
  }

  #try<T>(act: (writer: Writer) => T): T | undefined {
    if (this.#refusal) return undefined;
    try {
      return act(this.#writer);
    } catch (error) {
      this.#refuse(error);
      return undefined;
    }
  }

  /** Only the world may refuse; a mistake of ours is thrown. */
  #refuse(error: unknown): 0 {
    if (!(error instanceof JobwardenError)) throw error;
    this.#refusal = error;
    return 0;
  }
}
