import { events } from "../../src/events/index.ts";
import { type EventDefinition, header, isTail, layoutOf } from "../../src/events/schema.ts";

/** A record as the kernel makes it: given numbers in its fixed part, given bytes in its tail. */
export function recordOf(
  name: string,
  numbers: Readonly<Record<string, number>>,
  tails: Readonly<Record<string, Buffer>> = {},
): Buffer {
  const definition = (events as readonly EventDefinition[]).find((event) => event.name === name);
  if (!definition) throw new Error(`no such event: ${name}`);
  const { size, slots } = layoutOf({ ...header, ...definition.fields });
  const fixed = Buffer.alloc(size);
  const parts: Buffer[] = [fixed];
  for (const { name: field, at, field: definition } of slots) {
    const value = isTail(definition.kind) ? (tails[field]?.length ?? 0) : (numbers[field] ?? 0);
    if (definition.size === 2) fixed.writeUInt16LE(value, at);
    if (definition.size === 4) fixed.writeUInt32LE(value, at);
    if (definition.size === 8) fixed.writeBigUInt64LE(BigInt(value), at);
    if (isTail(definition.kind)) parts.push(tails[field] ?? Buffer.alloc(0));
  }
  const record = Buffer.concat(parts);
  record.writeUInt16LE(definition.id, 0);
  record.writeUInt32LE(record.length, 4);
  // Records stand at multiples of 8 bytes.
  return Buffer.concat([record, Buffer.alloc(-record.length & 7)]);
}

/** Where a field of an event is in its record. */
export function placeOf(name: string, field: string): number {
  const definition = (events as readonly EventDefinition[]).find((event) => event.name === name);
  const slots = layoutOf({ ...header, ...definition?.fields }).slots;
  return slots.find((slot) => slot.name === field)?.at ?? -1;
}
