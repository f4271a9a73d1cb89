import type { Tracer } from "../native/index.ts";
import { JobwardenError } from "../src/base/errors.ts";
import type { Finding } from "../src/engine/finding.ts";
import { Batch } from "../src/events/decode.ts";
import { events } from "../src/events/index.ts";
import type { EventDefinition } from "../src/events/schema.ts";
import type { Writer } from "../src/store/writer.ts";
import type { JobRecord } from "./job_record.ts";

/** What one batch takes of each ring. Rare events wait at most for one batch of bulk ones. */
const batchBytes = { jw_rare: 2 << 20, jw_bulk: 2 << 20 } as const;

const foldedIds: ReadonlySet<number> = new Set(
  (events as readonly EventDefinition[]).filter(({ fold }) => fold).map(({ id }) => id),
);
const eventNameOf: ReadonlyMap<number, string> = new Map(events.map(({ id, name }) => [id, name]));
/** As event 0 of `jw_losses` in bpf/jobwarden.bpf.h. */
const untagged = "process_tag";

/** From the kernel's rings to the store: drain → decode → attribute → judge → store. */
export class Pipeline {
  readonly #tracer: Tracer;
  readonly #writer: Writer;
  readonly #jobs = new Map<number, JobRecord>();
  readonly #rare = new Uint8Array(batchBytes.jw_rare);
  readonly #bulk = new Uint8Array(batchBytes.jw_bulk);
  /** Lost records by job and kind, as last read from the kernel. */
  readonly #lost = new Map<string, number>();

  constructor(tracer: Tracer, writer: Writer) {
    this.#tracer = tracer;
    this.#writer = writer;
  }

  add(record: JobRecord): void {
    this.#jobs.set(record.job, record);
  }

  remove(job: number): void {
    this.#jobs.delete(job);
  }

  /** Waits until a ring fills, at most so long. */
  wait(timeout_ms: number): void {
    this.#tracer.poll(timeout_ms);
  }

  /**
   * Stores one batch of what the rings hold, in one transaction.
   * @param onFinding called for each finding after it is stored
   * @returns false when the rings were empty
   * @throws JobwardenError from the store, when the batch could not be stored: what it held is then
   *   counted as lost
   */
  turn(onFinding: (finding: Finding) => void): boolean {
    // The rare ring first: nothing that was done before what it holds is then still to come there.
    const rare = new Batch(this.#drain("jw_rare", this.#rare));
    const bulk = new Batch(this.#drain("jw_bulk", this.#bulk));
    const found: Finding[] = [];
    let hasRare = rare.next();
    let hasBulk = bulk.next();
    if (!hasRare && !hasBulk) return false;

    this.#writer.begin();
    try {
      while (hasRare || hasBulk) {
        if (!hasBulk || (hasRare && rare.time_us <= bulk.time_us)) {
          this.#take(rare, found);
          hasRare = rare.next();
        } else {
          this.#take(bulk, found);
          hasBulk = bulk.next();
        }
      }
      for (const record of this.#jobs.values()) record.flush();
      this.#writer.commit();
    } catch (error) {
      this.#writer.rollback();
      throw error;
    }
    for (const finding of found) onFinding(finding);
    return true;
  }

  /** Adds to the store what the kernel has counted as lost of a job since the last time. */
  storeLosses(job: number): void {
    for (const [key, count] of this.#tracer.mapEntries("jw_losses")) {
      const lossJob = key.readUInt32LE(0);
      // What found no place of its own in the kernel's table may be any job's.
      if (lossJob !== job && lossJob !== 0) continue;
      const event_id = key.readUInt32LE(4);
      const total = Number(count.readBigUInt64LE());
      const name = `${job} ${lossJob} ${event_id}`;
      const before = this.#lost.get(name) ?? 0;
      if (total === before) continue;
      this.#lost.set(name, total);
      const kind = lossJob === 0 ? "unknown" : (eventNameOf.get(event_id) ?? untagged);
      this.#writer.addLoss(job, kind, total - before);
    }
  }

  /** Processes of the job that still run, by what the kernel knows. */
  living(job: number): number {
    const entries = this.#tracer.mapEntries("jw_processes");
    return entries.filter(([, process]) => process.readUInt32LE(8) === job).length;
  }

  #drain(ring: keyof typeof batchBytes, into: Uint8Array): Uint8Array {
    return into.subarray(0, this.#tracer.drain(ring, into));
  }

  #take(batch: Batch, found: Finding[]): void {
    const record = this.#jobs.get(batch.job);
    if (!record) return;
    if (!foldedIds.has(batch.event_id)) {
      found.push(...record.take(batch.decode()));
      return;
    }
    const key = `${batch.event_id} ${batch.sameness}`;
    if (record.repeat(key, batch.time_us)) return;
    found.push(...record.take(batch.decode(), key));
  }
}

/** Whether an error is of the world outside and not a bug. */
export const isExpected = (error: unknown): error is JobwardenError =>
  error instanceof JobwardenError;
