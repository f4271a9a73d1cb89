import assert from "node:assert/strict";
import { test } from "node:test";
import { Texts, TextValues } from "../../src/store/text.ts";
import { hostile, store } from "./sample.ts";

test("a text is stored once, with its id after the first look-up and after forgetting", (t) => {
  const { db } = store(t);
  const texts = new Texts(db);
  const long = "x".repeat(131_072);
  const values = ["", "/a", hostile, long, "/A", "/a ", "/a\0b"];

  const ids = values.map((value) => texts.idOf(value));
  const again = values.map((value) => texts.idOf(value));
  texts.forget();
  const found = values.map((value) => texts.idOf(value));

  assert.deepEqual(ids, [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(again, ids);
  assert.deepEqual(found, ids);
  const read = new TextValues(db);
  assert.deepEqual(
    ids.map((id) => read.valueOf(id)),
    values,
  );
});

test("arguments are kept as JSON; no arguments are the empty text", (t) => {
  const { db } = store(t);
  const texts = new Texts(db);
  const args = ["sh", "", hostile, "\ud800"];

  const id = texts.idOfArgs(args);

  const read = new TextValues(db);
  assert.deepEqual(read.argsOf(id), args);
  assert.equal(read.valueOf(id), JSON.stringify(args));
  assert.equal(texts.idOfArgs([]), 0);
  assert.deepEqual(read.argsOf(0), []);
});

test("more texts than memory holds keep their ids", (t) => {
  const { db } = store(t);
  const texts = new Texts(db);
  db.exec("BEGIN");
  const count = 40_000;

  const ids = Array.from({ length: count }, (_, i) => texts.idOf(`/file/${i}`));
  const again = Array.from({ length: count }, (_, i) => texts.idOf(`/file/${i}`));
  db.exec("COMMIT");

  assert.deepEqual(again, ids);
  assert.equal(db.prepare("SELECT count(*) FROM text").pluck().get(), count + 1);
});
