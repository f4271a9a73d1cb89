import assert from "node:assert/strict";
import { test } from "node:test";
import { Claims, confidences, type StoredClaim } from "../../src/store/claims.ts";
import { Writer } from "../../src/store/writer.ts";
import { aJob, hostile, store } from "./sample.ts";

const claim = (field: string, source: string, confidence: StoredClaim["confidence"]) => ({
  ...{ field, source, confidence },
  value: hostile,
});

test("claims are read by field, and of each field the most trusted first", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const [job, other] = [writer.startJob(aJob), writer.startJob(aJob)];
  const low = claim("repository", "a", "low");
  const high = claim("repository", "c", "high");
  const alike = claim("repository", "b", "high");
  const certain = claim("event", "z", "certain");

  writer.apply(({ claims }) => {
    for (const one of [low, high, alike, certain]) claims.set(job, one);
    claims.set(other, low);
  });

  assert.deepEqual(new Claims(db).ofJob(job), [certain, alike, high, low]);
  assert.deepEqual(new Claims(db).ofJob(other), [low]);
  assert.deepEqual(confidences, ["low", "high", "certain"], "the store keeps the number");
});

test("of a field a source says one thing: what it said last", (t) => {
  const { db } = store(t);
  const writer = new Writer(db);
  const job = writer.startJob(aJob);
  const now = { ...claim("repository", "a", "certain"), value: "octo/now" };

  writer.apply(({ claims }) => {
    claims.set(job, claim("repository", "a", "low"));
    claims.set(job, now);
  });

  assert.deepEqual(new Claims(db).ofJob(job), [now]);
});
