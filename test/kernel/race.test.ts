import assert from "node:assert/strict";
import { test } from "node:test";
import { act, facts } from "./acts.ts";
import { type Recording, record } from "./record.ts";

const rounds = 2000;

/** Runs an act that is raced; returns what the kernel took in each round, `a` or `b`. */
async function raced(way: string): Promise<{ recording: Recording; got: string[] }> {
  const recording = await record(act("race", way, String(rounds)));
  const got = [...String(facts(recording, "race")[0]?.["got"])];
  assert.ok(got.length >= rounds && got.includes("a") && got.includes("b"));
  assert.deepEqual(recording.losses, new Map());
  return { recording, got };
}

const last = (path: string) => path.slice(-1);

test("an open tells the file that was opened, whatever the name says by then", async () => {
  const { recording, got } = await raced("opens");

  const opens = recording.of("file_open").filter(({ created }) => created === "no");
  assert.deepEqual(
    opens.map(({ path }) => last(path)),
    got,
  );
});

test("an unlink tells the name that is gone", async () => {
  const { recording, got } = await raced("unlinks");

  assert.deepEqual(
    recording.of("file_unlink").map(({ path }) => last(path)),
    got,
  );
});

test("a rename tells the name that was renamed", async () => {
  const { recording, got } = await raced("renames");

  assert.deepEqual(
    recording.of("file_rename").map(({ path }) => last(path)),
    got,
  );
});

test("a rename that reads both names from the same memory tells which was which", async () => {
  const { recording, got } = await raced("one_buffer");

  const told = recording.of("file_rename").map(({ path, new_path }) => {
    assert.match(last(path) + last(new_path), /^[ab][ab]$/);
    return path === new_path ? "-" : last(path);
  });
  assert.deepEqual(told, got);
});

test("a symbolic link tells the target that is stored in it", async () => {
  const { recording, got } = await raced("symlinks");

  assert.deepEqual(
    recording.of("file_symlink").map(({ target }) => target),
    got,
  );
});

test("a connect tells the address of the peer", async () => {
  const { recording, got } = await raced("connects");

  const peers = recording.of("socket_connect").map(({ peer }) => peer);
  const expected = { a: "127.0.0.1:40000", b: "127.0.0.2:40000" };
  assert.deepEqual(
    peers,
    got.map((letter) => expected[letter as "a" | "b"]),
  );
});

test("a connect to a path tells the path of the peer", async () => {
  const { recording, got } = await raced("connects_path");

  assert.deepEqual(
    recording.of("socket_connect").map(({ peer_path }) => peer_path),
    got,
  );
});

test("an exec tells the arguments that the new program has", async () => {
  const { recording, got } = await raced("execs");

  const [, ...execs] = recording.of("process_exec");
  assert.deepEqual(
    execs.map(({ args }) => args),
    got.map((letter) => ["argument", letter]),
  );
});

test("an exec tells the name under which the program was found", async () => {
  const { recording, got } = await raced("exec_names");

  const [, ...execs] = recording.of("process_exec");
  assert.deepEqual(
    execs.map(({ called_as }) => called_as),
    got,
  );
});
