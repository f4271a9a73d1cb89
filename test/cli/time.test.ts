import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, duration, offset, timeFrom, utc } from "../../src/cli/time.ts";
import { now_us } from "./border.ts";

const second = 1e6;

test("durations have two or three digits, and carry over", () => {
  const inputs = [0, 430, 999.7, 12_300, 999_800, 3.44e6, 9.96e6, 59.6e6, 125e6, 3_780e6, 90_000e6];

  const texts = inputs.map(duration);

  assert.deepEqual(texts, [
    ...["0 µs", "430 µs", "1 ms", "12 ms", "1.0 s", "3.4 s", "10 s", "1 min 0 s", "2 min 5 s"],
    ...["1 h 3 min", "1 d 1 h"],
  ]);
});

test("times are told as people tell them", () => {
  const before = [3, 42, 200, 7200, 90_000, 400_000];

  const texts = before.map((seconds) => ago(now_us - seconds * second, now_us));

  assert.deepEqual(texts, [
    "just now",
    "42 s ago",
    "3 min ago",
    "2 h ago",
    "1 day ago",
    "4 days ago",
  ]);
  assert.equal(ago(now_us + 3600 * second, now_us), "2026-11-23 13:00:00 UTC");
  assert.equal(utc(now_us), "2026-11-23 12:00:00 UTC");
  assert.equal(offset(now_us + 1_234, now_us), "+0.001234");
});

test("a time is a span since the start, or a date and time, or nothing", () => {
  const read = (text: string) => timeFrom(text, now_us);

  assert.equal(read("10s"), now_us + 10 * second);
  assert.equal(read("+2m"), now_us + 120 * second);
  assert.equal(read("1.5h"), now_us + 5400 * second);
  assert.equal(read("250ms"), now_us + 250_000);
  assert.equal(read("7"), now_us + 7 * second);
  assert.equal(read("2026-11-23"), now_us - 12 * 3600 * second);
  assert.equal(read("2026-11-23 12:00"), now_us);
  assert.equal(read("2026-11-23 12:00:00 UTC"), now_us);
  assert.equal(read("2026-11-23T13:00:00+01:00"), now_us);
  for (const text of ["", "later", "-3s", "3 weeks", "2026-13-01", "2026-11-23T25:00", "s"]) {
    assert.equal(read(text), undefined, text);
  }
});
