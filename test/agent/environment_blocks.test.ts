import assert from "node:assert/strict";
import { test } from "node:test";
import { EnvironmentBlocks } from "../../agent/environment_blocks.ts";
import type { NoticeNamed } from "../../src/events/notices/index.ts";

type Piece = NoticeNamed<"step_environment">;

/** A piece of an environment, as the kernel sends it. */
const piece = (process_key: number, text: string, from: number, to: number): Piece => ({
  ...{ event: "step_environment", event_id: 1003, flags: 0, size: 0, time_us: 1, thread_id: 1 },
  ...{ job: 1, process_key, total_bytes: text.length, offset: from },
  block: Buffer.from(text.slice(from, to), "latin1"),
});

const text = "TOKEN=secret\0GITHUB_ACTION=__run\0GITHUB_JOB=build\0";
const middle = text.indexOf("__run") + 2;
const whole = { GITHUB_ACTION: "__run", GITHUB_JOB: "build" };

test("an environment in one piece gives what is listed, and nothing is left of the rest", () => {
  const notice = piece(1, text, 0, text.length);

  const picked = new EnvironmentBlocks().take(notice);

  assert.deepEqual(picked, whole);
  assert.deepEqual(notice.block, Buffer.alloc(text.length));
});

test("pieces of several processes are put together, each by itself, and wiped", () => {
  const blocks = new EnvironmentBlocks();
  const [first, other] = [piece(1, text, 0, middle), piece(2, text, 0, middle)];
  const rest = piece(1, text, middle, text.length);

  assert.equal(blocks.take(first), undefined);
  assert.equal(blocks.take(other), undefined);
  assert.deepEqual(blocks.take(rest), whole);
  assert.deepEqual(blocks.take(piece(2, text, middle, text.length)), whole);

  for (const { block } of [first, other, rest]) assert.deepEqual(block, Buffer.alloc(block.length));
});

test("where a piece is missing, the others are read for what is whole in them", () => {
  const blocks = new EnvironmentBlocks();
  const end = text.length;

  assert.deepEqual(blocks.take(piece(1, text, middle, end)), { GITHUB_JOB: "build" });
  // The next environment of that process begins anew.
  assert.equal(blocks.take(piece(1, text, 0, middle)), undefined);
  assert.deepEqual(blocks.take(piece(1, text, 0, end)), whole);
});

test("a piece that could not be read ends the environment", () => {
  const blocks = new EnvironmentBlocks();
  const unread = { ...piece(1, text, 0, 0), flags: 2 };

  assert.deepEqual(blocks.take(unread), {});
  assert.equal(blocks.take(piece(2, text, 0, middle)), undefined);
  assert.deepEqual(blocks.take({ ...piece(2, text, middle, middle), flags: 2 }), {});
});

test("unfinished environments do not pile up", () => {
  const blocks = new EnvironmentBlocks();
  const many = Array.from({ length: 40 }, (_, i) => i + 1);
  for (const key of many) blocks.take(piece(key, text, 0, middle));

  const later = many.map((key) => blocks.take(piece(key, text, middle, text.length)));

  const kept = later.filter((picked) => picked?.GITHUB_ACTION !== undefined);
  assert.ok(kept.length > 0 && kept.length <= 16, `${kept.length} were kept`);
});
