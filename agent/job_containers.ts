import type { Notice } from "../src/events/notices/index.ts";
import { type ContainerRecord, Containers } from "../src/jobs/containers.ts";
import type { BatchWriter } from "./batch_writer.ts";
import type { LeftContainer } from "./residue.ts";
import type { RunnerJob } from "./runner_job.ts";

/** The containers of the host's jobs: whose they are by the kernel, and what others know of them. */
export class JobContainers {
  readonly #containers = new Containers();
  readonly #writer: BatchWriter;
  /** The row of a job by the kernel's number of it. */
  readonly #rowOf: (kernel_job: number) => number | undefined;
  readonly #changed = new Map<string, ContainerRecord>();

  constructor(writer: BatchWriter, rowOf: (kernel_job: number) => number | undefined) {
    this.#writer = writer;
    this.#rowOf = rowOf;
  }

  /** Whether something is to be stored. */
  get is_changed(): boolean {
    return this.#changed.size > 0;
  }

  /** In a batch. @returns whether the notice was about a container */
  take(notice: Notice): boolean {
    const record = this.#containers.take(notice);
    if (record) this.#changed.set(record.id, record);
    return record !== undefined;
  }

  /** What was found out about a container. */
  describe(record: ContainerRecord): void {
    if (record.name === "" && this.#containers.get(record.id)) return; // nothing was found
    const known = this.#containers.describe(record);
    this.#changed.set(record.id, known ?? record);
  }

  /** In a batch. What the store refuses is lost with it; the next change brings it again. */
  store(): void {
    this.#writer.apply(({ containers }) => {
      for (const { job, ...record } of this.#changed.values()) {
        containers.set({ ...record, job: this.#rowOf(job) ?? null });
      }
    });
    this.#changed.clear();
  }

  /** Those of a job that are there now. */
  leftBy({ worker }: RunnerJob): readonly LeftContainer[] {
    return this.#containers.runningOf(worker.tracer_job).map((record) => ({
      id: record.id,
      name: record.name,
      image: record.image,
      process_key: record.step_key,
      time_us: record.created_us,
    }));
  }
}
