import type { Tracer } from "../native/index.ts";
import { JobwardenError } from "../src/base/errors.ts";
import type { Finding } from "../src/engine/finding.ts";
import { Batch } from "../src/events/decode.ts";
import { events } from "../src/events/index.ts";
import type { Notice } from "../src/events/notices/index.ts";
import type { EventDefinition } from "../src/events/schema.ts";
import type { BatchWriter } from "./batch_writer.ts";
import type { JobRecord } from "./job_record.ts";

/** What one batch takes of each ring. Rare events wait at most for one batch of bulk ones. */
const batchBytes = { jw_rare: 2 << 20, jw_bulk: 2 << 20 } as const;

/** As kLargestRecord in native/src/tracer.cc: with more room than that left, nothing was left over. */
const largestRecord = 196_608;
const hasRoom = (room: Uint8Array, used: Uint8Array): boolean =>
  room.length - used.length >= largestRecord;

/** How long counts of repetitions may be behind in the store. */
const settleEveryMs = 1000;

const foldedIds: ReadonlySet<number> = new Set(
  (events as readonly EventDefinition[]).filter(({ fold }) => fold).map(({ id }) => id),
);
const eventNameOf: ReadonlyMap<number, string> = new Map(events.map(({ id, name }) => [id, name]));
/** As event 0 of `jw_losses` in bpf/jobwarden.bpf.h. */
const untagged = "process_tag";

/** What is not of a job that is known: for an agent that follows the jobs of runners. */
export interface PipelineListener {
  /** In a batch, in the order of all records. */
  onNotice(notice: Notice): void;
  /** An event of a job that nobody has added. @returns its record, when it now has one */
  onStranger(kernel_job: number, time_us: number): JobRecord | undefined;
  /** In a batch, before its commit: to store what is of no single job. */
  onFlush(): void;
  /** The tracer, when what is stored of its rings is to be remembered for another process. */
  readonly tracer_id: string;
}

/** From the kernel's rings to the store: drain → decode → attribute → judge → store. */
export class Pipeline {
  readonly #tracer: Tracer;
  readonly #writer: BatchWriter;
  readonly #listener: PipelineListener | undefined;
  /** By their number in the kernel. */
  readonly #jobs = new Map<number, JobRecord>();
  readonly #rare = new Uint8Array(batchBytes.jw_rare);
  readonly #bulk = new Uint8Array(batchBytes.jw_bulk);
  /** Whether the last turn took all that the rings held when it began. */
  #is_drained = false;
  /** When the counts of repetitions were stored last. */
  #settled_ms = 0;
  /** Batches that the store refused, and why the first one. */
  #refused = 0;
  #refusal: JobwardenError | undefined;

  constructor(tracer: Tracer, writer: BatchWriter, listener?: PipelineListener) {
    this.#tracer = tracer;
    this.#writer = writer;
    this.#listener = listener;
  }

  add(record: JobRecord): void {
    this.#jobs.set(record.kernel_job, record);
  }

  /** Stops following a job, and forgets what the kernel has counted of it. */
  remove({ kernel_job }: JobRecord): void {
    this.#jobs.delete(kernel_job);
    for (const [key] of this.#tracer.mapEntries("jw_losses")) {
      if (key.readUInt32LE(0) === kernel_job) this.#tracer.mapDelete("jw_losses", key);
    }
  }

  /** Waits until a ring fills, at most so long. */
  wait(timeout_ms: number): void {
    this.#tracer.poll(timeout_ms);
  }

  /**
   * Stores one batch of what the rings hold, in one transaction. When the store refuses it, its
   * events are judged all the same, and counted as lost in the next batch that is stored.
   * @param onFinding called for each finding, after it is stored where that is possible
   * @returns the bytes of the batch; 0 when the rings were empty
   */
  turn(onFinding: (finding: Finding) => void): number {
    // The rare ring first: nothing that was done before what it holds is then still to come there.
    const rareBytes = this.#drain("jw_rare", this.#rare);
    const bulkBytes = this.#drain("jw_bulk", this.#bulk);
    this.#is_drained = hasRoom(this.#rare, rareBytes) && hasRoom(this.#bulk, bulkBytes);
    const rare = new Batch(rareBytes);
    const bulk = new Batch(bulkBytes);
    const found: Finding[] = [];
    let hasRare = rare.next();
    let hasBulk = bulk.next();
    if (!hasRare && !hasBulk) return 0;

    this.#begin();
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
      this.#commit(this.#finish());
    } catch (error) {
      this.#writer.rollback();
      throw error;
    }
    for (const finding of found) onFinding(finding);
    return rareBytes.length + bulkBytes.length;
  }

  /** A batch without events: stores what else is to be stored, and all counts of repetitions. */
  settle(): void {
    this.#begin();
    this.#settled_ms = 0;
    this.#commit(this.#finish());
  }

  /**
   * Ends a job: stores what is held back of it, what the kernel counted as lost, and its end.
   * @param storeEnd called when all the rest is with the writer
   * @throws JobwardenError why the store refused: then nothing of this is stored
   */
  end(record: JobRecord, storeEnd: () => void): void {
    this.#begin();
    this.#settled_ms = 0;
    this.#finish();
    for (const repeat of record.engine.repeats) this.#writer.countFinding(record.job, repeat);
    this.setLosses(record);
    storeEnd();
    const refusal = this.#commit(true);
    if (!refusal) return;
    const what = `the end of job ${record.job} and ${record.unstoredLosses} events before it`;
    throw new JobwardenError(refusal.code, `${what} could not be stored: ${refusal.message}`, {
      cause: refusal,
    });
  }

  /** Why batches could not be stored; undefined when all were. */
  get trouble(): string | undefined {
    if (!this.#refusal) return undefined;
    return `${this.#refused} times nothing could be stored: ${this.#refusal.message}`;
  }

  /** Whether the last turn took all that the rings held when it began. */
  get is_drained(): boolean {
    return this.#is_drained;
  }

  /** Processes of the job that still run, by what the kernel knows: their ids. */
  living({ kernel_job }: JobRecord): number[] {
    return this.#tracer
      .mapEntries("jw_processes")
      .filter(([, process]) => process.readUInt32LE(8) === kernel_job)
      .map(([pid]) => pid.readUInt32LE(0));
  }

  /** Stores what the kernel has counted as lost of a job until now. In a batch. */
  setLosses({ kernel_job, job }: JobRecord): void {
    for (const [key, count] of this.#tracer.mapEntries("jw_losses")) {
      const lossJob = key.readUInt32LE(0);
      // What found no place of its own in the kernel's table may be any job's.
      if (lossJob !== kernel_job && lossJob !== 0) continue;
      const known = eventNameOf.get(key.readUInt32LE(4)) ?? untagged;
      const kind = lossJob === 0 ? "unknown" : known;
      const lost = Number(count.readBigUInt64LE());
      this.#writer.apply(({ losses }) => losses.setKernel(job, kind, lost));
    }
  }

  #begin(): void {
    this.#writer.begin();
    for (const record of this.#jobs.values()) record.begin();
  }

  /**
   * What is repeated is repeated often: its counts are stored now and then, not with each batch.
   * @returns whether they now are
   */
  #finish(): boolean {
    const now_ms = performance.now();
    const isTime = now_ms - this.#settled_ms >= settleEveryMs || this.#settled_ms === 0;
    for (const record of this.#jobs.values()) {
      if (isTime) record.storeRepetitions();
      else if (this.#listener) record.noteRepetitions();
      record.flush();
    }
    if (isTime) this.#settled_ms = now_ms;
    this.#listener?.onFlush();
    if (this.#listener) this.#notePositions(this.#listener.tracer_id);
    return isTime;
  }

  #notePositions(tracer_id: string): void {
    this.#writer.apply(({ state }) => {
      for (const ring of Object.keys(batchBytes)) {
        state.setPosition(tracer_id, ring, this.#tracer.position(ring));
      }
    });
  }

  /** What was drained is the kernel's no more only when it is stored, or counted as lost. */
  #commit(withRepetitions: boolean): JobwardenError | undefined {
    const refusal = this.#writer.commit();
    this.#tracer.release();
    for (const record of this.#jobs.values()) {
      if (refusal) record.notStored();
      else record.stored(withRepetitions);
    }
    if (!refusal) return undefined;
    this.#refused++;
    this.#refusal ??= refusal;
    this.#settled_ms = 0;
    return refusal;
  }

  #drain(ring: keyof typeof batchBytes, into: Uint8Array): Uint8Array {
    return into.subarray(0, this.#tracer.drain(ring, into));
  }

  #take(batch: Batch, found: Finding[]): void {
    if (batch.isNotice) {
      this.#listener?.onNotice(batch.decodeNotice());
      return;
    }
    const record = this.#jobs.get(batch.job) ?? this.#meet(batch);
    if (!record) return;
    const { event_id } = batch;
    if (!foldedIds.has(event_id)) {
      found.push(...record.take(batch.decode()));
      return;
    }
    const { sameness } = batch;
    if (record.repeat(event_id, sameness, batch.time_us)) return;
    found.push(...record.take(batch.decode(), sameness));
  }

  #meet({ job, time_us }: Batch): JobRecord | undefined {
    const record = this.#listener?.onStranger(job, time_us);
    record?.begin();
    return record;
  }
}
