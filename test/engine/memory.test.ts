import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedMemory } from "../../src/engine/memory.ts";

test("a memory keeps its bound, forgets the oldest and counts it", () => {
  const memory = new BoundedMemory(3);

  for (const [i, key] of ["a", "b", "c", "d"].entries()) memory.set(key, i);

  assert.deepEqual(
    ["a", "b", "c", "d"].map((key) => memory.get(key)),
    [undefined, 1, 2, 3],
  );
  assert.deepEqual([memory.size, memory.evicted], [3, 1]);
});

test("what is set again is the newest", () => {
  const memory = new BoundedMemory(2);

  for (const [i, key] of ["a", "b", "a", "c"].entries()) memory.set(key, i);

  assert.deepEqual([memory.get("a"), memory.get("b"), memory.get("c")], [2, undefined, 3]);
});

test("the bound holds after many changes", () => {
  const memory = new BoundedMemory(10);

  for (let i = 0; i < 100_000; i++) {
    memory.set(`${i}`, i);
    memory.set(`${i - 5}`, i);
  }

  assert.equal(memory.size, 10);
  assert.equal(memory.get("99999"), 99_999);
});

test("a bound that leaves no room is refused", () => {
  assert.throws(() => new BoundedMemory(0), {
    message: "a memory needs room for one entry or more, not 0",
  });
});
