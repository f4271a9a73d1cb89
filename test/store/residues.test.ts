import assert from "node:assert/strict";
import { test } from "node:test";
import { type Residue, residueKinds } from "../../src/jobs/residue.ts";
import { ResidueInsert, Residues } from "../../src/store/residues.ts";
import { leftBehind } from "./left_behind.ts";
import { hostile, someTime } from "./sample.ts";

test("residue of every kind is read as it was written, in that order", (t) => {
  const db = leftBehind(t);
  const insert = new ResidueInsert(db);
  const left = residueKinds.map(
    (kind, i): Residue => ({
      ...{ kind, what: hostile, process_key: i, pid: i, path: `/${hostile}`, time_us: someTime },
      detail: { text: hostile, list: ["a", hostile], none: null, flag: true, number: i },
    }),
  );

  for (const one of left) insert.add(1, one);

  assert.deepEqual(new Residues(db).ofJob(1), left);
  assert.deepEqual(new Residues(db).ofJob(2), []);
});
