import { events } from "./index.ts";
import { notices } from "./notices/index.ts";
import { type Field, header, isTail, layoutOf, recordFlags, type Slot } from "./schema.ts";

/** The text of `bpf/events.gen.h`: one struct for each event, and the words of each choice. */
export function cHeader(): string {
  const shared = layoutOf(header);
  const structs = records.flatMap(({ id, name, ring, fields }) => {
    const { size, slots } = layoutOf({ ...header, ...fields });
    const own = slots.slice(shared.slots.length);
    return [
      `#define JW_ID_${name} ${id}\n#define JW_BULK_${name} ${ring === "bulk" ? 1 : 0}`,
      cStruct(`jw_${name}`, ["struct jw_header h;"], own, size),
    ];
  });
  const flags = Object.entries(recordFlags).map(
    ([name, bit]) => `#define JW_${name.toUpperCase()} ${bit}`,
  );
  return [
    "/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */\n" +
      "/* Generated from src/events by `npm run gen`; do not edit. */",
    "#pragma once",
    flags.join("\n"),
    "struct jw_endpoint {\n\t__u16 family;\n\t__u16 port; /* host order */\n\t__u8 address[16];\n} __attribute__((aligned(4)));",
    ...cWords(),
    cStruct("jw_header", [], shared.slots, shared.size),
    ...structs,
    "",
  ].join("\n\n");
}

const records = [...events, ...notices];

function cStruct(name: string, first: string[], slots: readonly Slot[], size: number): string {
  const members = [...first, ...slots.map((slot) => `${cType(slot.field)} ${cName(slot)};`)];
  const offsets = slots.map(
    (slot) =>
      `_Static_assert(__builtin_offsetof(struct ${name}, ${cName(slot)}) == ${slot.at}, "");`,
  );
  return [
    `struct ${name} {`,
    ...members.map((member) => `\t${member}`),
    "} __attribute__((aligned(8)));",
    ...offsets,
    `_Static_assert(sizeof(struct ${name}) == ${size}, "");`,
  ].join("\n");
}

const cName = ({ name, field }: Slot): string => (isTail(field.kind) ? `${name}_length` : name);

function cType({ kind }: Field<unknown>): string {
  if (kind === "endpoint") return "struct jw_endpoint";
  if (kind === "choice") return "__u16";
  return isTail(kind) ? "__u32" : `__${kind}`;
}

/** `#define JW_KIND_pipe 6` and so on, once for each list of words. */
function cWords(): string[] {
  const fields = records.flatMap(({ fields }) => Object.values<Field<unknown>>(fields));
  const lists = new Map(fields.map(({ prefix, words }) => [prefix, words]));
  return [...lists].flatMap(([prefix, words]) =>
    words ? [words.map((word, i) => `#define JW_${prefix}_${word} ${i}`).join("\n")] : [],
  );
}
