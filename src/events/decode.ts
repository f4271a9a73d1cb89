import { JobwardenError } from "../base/errors.ts";
import { events, type JobEvent } from "./index.ts";
import { type Notice, notices } from "./notices/index.ts";
import { firstNoticeId, header, isTail, layoutOf, type Slot } from "./schema.ts";

function offsetOf(field: string): number {
  return layoutOf(header).slots.find(({ name }) => name === field)?.at ?? 0;
}

const u64At = (view: DataView, at: number): number =>
  view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);

interface Layout {
  readonly name: string;
  readonly size: number;
  readonly slots: readonly Slot[];
}

const layouts: readonly (Layout | undefined)[] = (() => {
  const byId: (Layout | undefined)[] = [];
  for (const { id, name, fields } of [...events, ...notices]) {
    byId[id] = { name, ...layoutOf({ ...header, ...fields }) };
  }
  return byId;
})();

const timeAt = offsetOf("time_us");
const jobAt = offsetOf("job");
/** From this byte on, two records of one kind are equal if they tell the same of one process. */
const sameFrom = jobAt;

/** One record of a batch, not yet decoded. Valid until the batch's memory is used again. */
export class Batch {
  readonly #view: DataView;
  readonly #bytes: Buffer;
  #at = 0;
  #size = 0;

  /** @param bytes whole records, as `Tracer.drain` leaves them; each at a multiple of 8 bytes */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to the next record. @returns false when there is none */
  next(): boolean {
    this.#at += (this.#size + 7) & ~7;
    if (this.#at >= this.#bytes.length) return false;
    this.#size = this.#view.getUint32(this.#at + 4, true);
    return true;
  }

  get event_id(): number {
    return this.#view.getUint16(this.#at, true);
  }

  get time_us(): number {
    return u64At(this.#view, this.#at + timeAt);
  }

  get job(): number {
    return this.#view.getUint32(this.#at + jobAt, true);
  }

  /** Equal for two records of one kind that tell the same of the same process. */
  get sameness(): string {
    return this.#bytes.toString("latin1", this.#at + sameFrom, this.#at + this.#size);
  }

  /** Whether it is a word to the agent, and no event of a job. */
  get isNotice(): boolean {
    return this.event_id >= firstNoticeId;
  }

  /** @throws JobwardenError EVENT_UNKNOWN, EVENT_SIZE */
  decode(): JobEvent {
    return decodeRecord(this.#view, this.#bytes, this.#at, this.#size) as JobEvent;
  }

  /** What to call when `isNotice`. @throws JobwardenError EVENT_UNKNOWN, EVENT_SIZE */
  decodeNotice(): Notice {
    return decodeRecord(this.#view, this.#bytes, this.#at, this.#size) as Notice;
  }
}

/**
 * Yields the events of one batch, in the order in which they stand in it, and no notices.
 * @throws JobwardenError EVENT_UNKNOWN, EVENT_SIZE: what follows in the batch cannot be read
 */
export function* decode(bytes: Uint8Array): Generator<JobEvent> {
  const batch = new Batch(bytes);
  while (batch.next()) if (!batch.isNotice) yield batch.decode();
}

function decodeRecord(view: DataView, bytes: Buffer, at: number, size: number): JobEvent | Notice {
  const id = view.getUint16(at, true);
  const layout = layouts[id];
  if (!layout) {
    throw new JobwardenError("EVENT_UNKNOWN", `event id ${id} at byte ${at} is not defined`);
  }
  if (size < layout.size || at + size > view.byteLength) {
    throw wrongSize(layout, at, size, `at least ${layout.size}`);
  }
  const event: Record<string, unknown> = { event: layout.name };
  let tailAt = at + layout.size;
  for (const { name, at: offset, field } of layout.slots) {
    if (!isTail(field.kind)) {
      event[name] = field.read(view, at + offset, noTail);
      continue;
    }
    const end = tailAt + view.getUint32(at + offset, true);
    if (end > at + size) throw wrongSize(layout, at, size, `at least ${end - at}`);
    event[name] = field.read(view, at + offset, bytes.subarray(tailAt, end));
    tailAt = end;
  }
  if (tailAt !== at + size) throw wrongSize(layout, at, size, `${tailAt - at}`);
  return event as unknown as JobEvent | Notice;
}
const noTail = Buffer.alloc(0);

const wrongSize = ({ name }: Layout, at: number, size: number, expected: string): JobwardenError =>
  new JobwardenError("EVENT_SIZE", `${name} at byte ${at} has ${size} bytes, not ${expected}`);
