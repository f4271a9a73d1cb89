import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedMap } from "../../src/base/bounded_map.ts";

test("a full map drops what was added first, and counts it", () => {
  const map = new BoundedMap<string, number>(2);

  for (const [i, key] of ["a", "b", "c", "d"].entries()) map.set(key, i);

  assert.deepEqual(
    [...map.entries()],
    [
      ["c", 2],
      ["d", 3],
    ],
  );
  assert.equal(map.dropped, 2);
  assert.equal(map.get("a"), undefined);
});

test("a key that is set again drops nothing and keeps its age", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);

  map.set("a", 3);
  map.set("c", 4);

  assert.equal(map.has("a"), false);
  assert.equal(map.get("b"), 2);
  assert.equal(map.dropped, 1);
});

test("what is deleted or cleared is not counted as dropped", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);

  assert.equal(map.delete("a"), true);
  map.clear();

  assert.equal(map.size, 0);
  assert.equal(map.dropped, 0);
});

test("a map without room is refused", () => {
  assert.throws(() => new BoundedMap(0), /a bounded map needs room for 1 entry, not 0/);
});
