import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cHeader } from "../../src/events/c_header.ts";
import { callIndices, i386Calls, x64Calls } from "../../src/events/calls.ts";
import { events } from "../../src/events/index.ts";
import { notices } from "../../src/events/notices/index.ts";
import { eventsPage } from "../../src/events/page.ts";
import { defineEvent, type EventDefinition, u16, u32 } from "../../src/events/schema.ts";

const definitions: readonly EventDefinition[] = events;

test("what follows from the definitions is what `npm run gen` writes", () => {
  assert.equal(readFileSync("bpf/events.gen.h", "utf8"), cHeader());
  assert.equal(readFileSync("src/events/EVENTS.md", "utf8"), eventsPage());
});

test("every event has its own id, listed in order", () => {
  const ids = events.map(({ id }) => id);

  assert.deepEqual(
    ids,
    [...new Set<number>(ids)].sort((a, b) => a - b),
  );
});

for (const { name, ways } of definitions) {
  test(`${name} names only programs that bpf/ has, on the hooks that they have there`, () => {
    for (const { program, on, calls } of ways.flat()) {
      const section = on.split(" ")[0];
      assert.ok(
        sources().includes(`SEC("${section}")\nint BPF_PROG(${program},`) || isPlain(program),
        program,
      );
      assert.equal(calls !== undefined, section === "tp_btf/sys_exit" && program !== "jw_sys_exit");
    }
  });
}

/** Programs on control groups have their context as their only argument. */
const isPlain = (program: string): boolean => sources().includes(`\nint ${program}(`);

const files = [...new Set(definitions.map(({ name }) => name)), "name"];
const sources = (): string =>
  files.map((name) => readFileSync(`bpf/${name}.bpf.c`, "utf8")).join("\n");

test("no two programs want the end of the same call", () => {
  const owners = new Map<string, string>();
  for (const { ways } of definitions) {
    for (const hooks of ways) {
      for (const { program, calls } of hooks) {
        for (const call of calls ?? []) {
          assert.equal(owners.get(call) ?? program, program, call);
          owners.set(call, program);
        }
      }
    }
  }
});

test("a call has its own number, and on x86-64 that of the 32-bit entry", () => {
  assert.deepEqual(callIndices("unlink", "x64"), [x64Calls.unlink, 512 + i386Calls.unlink]);
  assert.deepEqual(callIndices("unlink", "arm64"), []);
  assert.deepEqual(callIndices("unlinkat", "arm64"), [35]);
});

const valid = {
  id: 9999,
  name: "valid",
  doc: "Doc.",
  ring: "rare",
  ways: [[{ program: "jw_x", on: "tp_btf/x (Linux 5.5)" }]],
  fields: { number: u32("Doc.") },
} as const;

const broken: readonly (readonly [string, EventDefinition, RegExp])[] = [
  ["a name with a capital", { ...valid, name: "Bad" }, /not snake_case/],
  ["a doc that is no sentence", { ...valid, doc: "Doc" }, /not a sentence/],
  ["a field with a capital", { ...valid, fields: { aB: u16("Doc.") } }, /not snake_case/],
  ["a field of the header", { ...valid, fields: { job: u32("Doc.") } }, /already in the header/],
  ["a field's doc that is no sentence", { ...valid, fields: { a: u16("Doc") } }, /not a sentence/],
];
for (const [what, definition, message] of broken) {
  test(`a definition is refused for ${what}`, () => {
    assert.throws(() => defineEvent(definition), message);
  });
}

test("a definition that keeps the rules is given back as it is", () => {
  assert.equal(defineEvent(valid), valid);
});

test("two lists of words have two names in C", () => {
  const all = [...events, ...notices] as readonly EventDefinition[];
  const known = new Map<string, readonly string[]>();
  for (const { prefix, words } of all.flatMap(({ fields }) => Object.values(fields))) {
    if (prefix === undefined) continue;
    assert.deepEqual(known.get(prefix) ?? words, words, prefix);
    known.set(prefix, words ?? []);
  }
});
