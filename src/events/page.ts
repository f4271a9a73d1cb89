import { events } from "./index.ts";
import { type EventDefinition, header, recordFlags } from "./schema.ts";

/** The text of EVENTS.md: every event, its fields, and where in the kernel it is seen. */
export function eventsPage(): string {
  const definitions: readonly EventDefinition[] = events;
  return [
    "# Events",
    "Generated from the definitions by `npm run gen`; do not edit.",
    "Each event is a table of the same name, and a view `<event>_view` with text in place of numbers.",
    "## What every event has",
    table(Object.entries(header).map(([name, { kind, doc }]) => [`\`${name}\``, kind, doc])),
    `Flags: ${Object.entries(recordFlags)
      .map(([name, bit]) => `${bit} ${name}`)
      .join(", ")}.`,
    ...definitions.flatMap(section),
    "",
  ].join("\n\n");
}

function section({ id, name, doc, ring, ways, fold, fields }: EventDefinition): string[] {
  const folded = fold ? " Repetitions are counted on the first one's row." : "";
  return [
    `## ${name}`,
    `${doc}${folded} Event ${id}, ring \`${ring}\`.`,
    table(
      Object.entries(fields).map(([field, { kind, words, doc }]) => [
        `\`${field}\``,
        words ? words.join(", ") : kind,
        doc,
      ]),
    ),
    "Seen by, the best first:",
    ways
      .map((hooks, i) => {
        const places = [...new Set(hooks.map(({ on }) => on))].join(", ");
        const loses = hooks.flatMap(({ loses }) => (loses ? [loses] : []));
        return `${i + 1}. ${places}${loses.length > 0 ? `; does not show ${loses.join("; ")}` : ""}.`;
      })
      .join("\n"),
  ];
}

const table = (rows: readonly (readonly string[])[]): string =>
  [
    "| field | type | meaning |",
    "|---|---|---|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
