import { printable } from "../base/escape_terminal.ts";
import { events } from "../events/index.ts";
import type { EventDefinition } from "../events/schema.ts";
import { commandText } from "./text.ts";

/** Numbers that only mean something to a query; --json and sql show them. */
const forQueries =
  /(^|_)(key|inode|device|id|flags|mode|namespace|faults|capabilities|bytes|protocol|links|type)$|^(pid|parent_pid|duration_us|user_us|system_us|max_rss_kib|backlog|call|request|target_started_us|target_comm)$/;
/** Said by other words of the same line. */
const repeated: Readonly<Record<string, readonly string[]>> = {
  process_exec: ["cwd", "called_as"],
};
const says: ReadonlySet<string> = new Set([
  "path",
  "args",
  "new_path",
  "peer",
  "peer_path",
  "target_path",
]);

const fieldsOf = new Map(
  events.map((definition: EventDefinition) => [
    definition.name,
    Object.entries(definition.fields).filter(
      ([name]) => !forQueries.test(name) && !repeated[definition.name]?.includes(name),
    ),
  ]),
);

/**
 * What an event says, for a person: the objects first, then each other field that is not zero,
 * with its name. Follows from the definition, so that a new event needs nothing here. Inert.
 */
export function eventText(event: { readonly event: string }): string {
  const values = new Map<string, unknown>(Object.entries(event));
  const fields = fieldsOf.get(event.event) ?? [];
  const present = fields.filter(([name, { zero }]) => !isZero(values.get(name), zero));
  const objects = present.filter(([name]) => says.has(name));
  const rest = present.filter(([name]) => !says.has(name));
  return [
    ...objects.map(([name]) => valueText(values.get(name))),
    ...rest.map(([name]) => `${name}=${valueText(values.get(name))}`),
  ].join("  ");
}

const isZero = (value: unknown, zero: unknown): boolean =>
  value === undefined || value === zero || (Array.isArray(value) && value.length === 0);

function valueText(value: unknown): string {
  return Array.isArray(value) ? commandText(value.map(String)) : printable(String(value));
}
