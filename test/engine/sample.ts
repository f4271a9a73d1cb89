import assert from "node:assert/strict";
import { type EventName, type EventNamed, events, type JobEvent } from "../../src/events/index.ts";
import { header } from "../../src/events/schema.ts";

/** The event with every absent field as zeroed memory reads. */
export function complete<N extends EventName>(
  sample: { readonly event: N } & Partial<EventNamed<N>>,
): JobEvent {
  const definition = events.find(({ name }) => name === sample.event);
  assert.ok(definition, `no such event: ${sample.event}`);
  const fields = Object.entries({ ...header, ...definition.fields });
  const zeroes = Object.fromEntries(fields.map(([name, { zero }]) => [name, zero]));
  // Every field of the definition is there, and no other; the checker cannot follow that.
  return { ...zeroes, ...sample } as JobEvent;
}
