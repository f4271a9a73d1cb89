import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.ts";
import type { Samples, Signature } from "../../src/engine/signature.ts";
import { ProcessTree } from "../../src/jobs/process_tree.ts";
import { stdioOverSocket } from "../../src/signatures/stdio_over_socket.ts";
import { complete } from "../engine/sample.ts";

const peer = "127.0.0.1:4444";
const local = "127.0.0.1:50000";
const socket = { kind: "inet_socket", inode: 77, peer, local } as const;

const execs = (process_key: number, parent_key: number, ...args: readonly string[]): Samples => ({
  event: "process_exec",
  process_key,
  parent_key,
  pid: 100 + process_key,
  path: `/usr/bin/${args[0]}`,
  args,
});
const onSocket = (exec: Samples): Samples => ({
  ...(exec as Samples & { readonly event: "process_exec" }),
  stdin_kind: "inet_socket",
  stdin_inode: 77,
  stdin_peer: peer,
  stdin_local: local,
});
const forks = (process_key: number, child_key: number): Samples => ({
  event: "process_fork",
  process_key,
  parent_key: process_key,
  child_key,
  child_pid: 100 + child_key,
});
const connects = (process_key: number, inode = 77, error = 0): Samples => ({
  event: "socket_connect",
  process_key,
  inode,
  descriptor: 3,
  error,
  family: "inet",
  type: "stream",
  peer,
  local,
});
const accepts = (process_key: number): Samples => ({
  event: "socket_accept",
  process_key,
  inode: 77,
  descriptor: 4,
  family: "inet",
  type: "stream",
  peer,
  local,
});
const puts = (process_key: number, descriptor: number): Samples => ({
  event: "descriptor_duplicate",
  process_key,
  from_descriptor: 3,
  descriptor,
  ...socket,
});
const restores = (process_key: number, descriptor: number): Samples => ({
  event: "descriptor_duplicate",
  process_key,
  descriptor,
  kind: "file",
  inode: 5,
});

function judge(sequence: readonly Samples[]) {
  const tree = new ProcessTree();
  const engine = new Engine([stdioOverSocket as Signature], tree, 1);
  const findings = sequence.flatMap((sample, i) => {
    const event = complete(sample);
    tree.apply(event);
    return engine.judge(event, i + 1);
  });
  return { engine, findings, messages: findings.map(({ message }) => message) };
}

const build = execs(1, 0, "dash", "build.sh");
const script = execs(2, 1, "python3", "reporter.py");

test("one reverse shell is one finding, which names program, descriptor and peer", () => {
  const shell = [forks(2, 3), onSocket(execs(3, 2, "dash"))];
  const dups = [puts(2, 0), puts(2, 1), puts(2, 2)];

  const { engine, findings } = judge([build, script, connects(2), ...dups, ...shell]);

  assert.equal(findings.length, 1);
  const [finding] = findings;
  assert.equal(
    finding?.message,
    "python3 (pid 102) put its connection to 127.0.0.1:4444 on standard input; " +
      "whoever is at the other end can type commands into it.",
  );
  assert.deepEqual(finding?.behaviours, ["reverse_shell"]);
  assert.deepEqual(finding?.evidence, {
    peer,
    local,
    descriptors: "0",
    how: "dup",
    program: "python3",
    pid: 102,
    socket_inode: 77,
  });
  assert.deepEqual(
    finding?.ancestry.map(({ path }) => path),
    ["/usr/bin/dash"],
  );
  assert.equal(engine.repeats[0]?.repeats, 3);
});

test("two connections are two findings", () => {
  const other = { ...puts(2, 0), inode: 78 } as Samples;

  const { findings } = judge([build, script, connects(2), puts(2, 0), connects(2, 78), other]);

  assert.equal(findings.length, 2);
});

test("an accepted connection is told as one that came from outside", () => {
  const { findings, messages } = judge([
    build,
    script,
    accepts(2),
    puts(2, 0),
    onSocket(execs(2, 1, "dash", "-i")),
  ]);

  assert.deepEqual(findings[0]?.behaviours, ["bind_shell"]);
  assert.deepEqual(messages, [
    "dash (pid 102) takes its commands from a connection that 127.0.0.1:4444 made to the job; " +
      "whoever is at the other end can type commands into it.",
  ]);
});

test("output alone is told as output", () => {
  const { messages } = judge([build, script, connects(2), puts(2, 1)]);

  assert.deepEqual(messages, [
    "python3 (pid 102) put its connection to 127.0.0.1:4444 on standard output; " +
      "whoever is at the other end gets what it prints.",
  ]);
});

test("a shell that gave the connection back does not have it any more", () => {
  const check = execs(2, 1, "bash", "x.sh");

  const { findings } = judge([build, check, connects(2), puts(2, 1), restores(2, 1), puts(2, 0)]);

  assert.deepEqual(findings, []);
});

test("a subshell has what its parent put in place", () => {
  const shell = execs(2, 1, "bash", "x.sh");

  const { findings } = judge([build, shell, connects(2), puts(2, 1), forks(2, 3), puts(3, 0)]);

  assert.equal(findings[0]?.process.pid, 103);
  assert.equal(findings[0]?.evidence["descriptors"], "0,1");
});

test("a program that was started has only what its exec found", () => {
  const shell = execs(2, 1, "bash", "x.sh");
  const child = execs(3, 2, "bash", "y.sh");

  const { findings } = judge([build, shell, connects(2), puts(2, 1), child, puts(3, 0)]);

  assert.deepEqual(findings, []);
});

test("a handler's shell that reads its commands elsewhere serves nobody", () => {
  const shell = {
    ...(execs(3, 2, "bash") as Samples & { readonly event: "process_exec" }),
    stdin_kind: "pipe",
    stdout_kind: "inet_socket",
    stdout_inode: 77,
    stdout_peer: peer,
  } as const;

  assert.deepEqual(judge([build, script, accepts(2), shell]).findings, []);
});

test("a handler script may talk to a server of its own", () => {
  const handler = onSocket(execs(3, 2, "bash", "handler.sh"));
  const plain = execs(4, 3, "cat");

  const { findings } = judge([build, script, accepts(2), handler, connects(3, 90), plain]);

  assert.deepEqual(findings, []);
});

for (const error of [4, 106, 114, 115]) {
  test(`errno ${error} of connect means that connecting goes on`, () => {
    const unconnected = { ...puts(2, 0), peer: "", local: "" } as Samples;

    const { findings } = judge([build, script, unconnected, connects(2, 77, error)]);

    assert.equal(findings[0]?.evidence["how"], "connect");
  });
}

test("what the job was given stays given, but only what the job's first program found", () => {
  const given = onSocket(execs(1, 0, "bash"));
  const orphan = onSocket(execs(3, 0, "bash"));

  assert.deepEqual(judge([given, onSocket(execs(2, 1, "dash")), puts(2, 1)]).findings, []);
  assert.equal(judge([build, orphan]).findings.length, 1);
  assert.equal(judge([build, script, accepts(2), orphan]).findings.length, 1);
});

test("what the job was given is not forgotten, however many connections there are", () => {
  const given = onSocket(execs(1, 0, "bash"));
  const connections = Array.from({ length: 10_000 }, (_, i) => connects(2, 1_000 + i));
  const again = onSocket(execs(2, 1, "dash"));

  const { findings } = judge([given, again, ...connections, again, ...connections, again]);

  assert.deepEqual(findings, []);
});

test("descriptors that are prepared before the job's first exec are given", () => {
  const joins: Samples = { event: "cgroup_move", moved_key: 1, moved_pid: 101, joined: "yes" };

  const { findings } = judge([joins, puts(1, 0), puts(1, 1), onSocket(execs(1, 0, "bash"))]);

  assert.deepEqual(findings, []);
});

test("a name question of a program without standard input is no finding", () => {
  const question = { ...connects(2), descriptor: 0, type: "datagram", peer: "127.0.0.53:53" };

  const { findings } = judge([build, script, question as Samples]);

  assert.deepEqual(findings, []);
});
