import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.ts";
import { BoundedMemory } from "../../src/engine/memory.ts";
import type { Samples, Signature } from "../../src/engine/signature.ts";
import { ProcessTree } from "../../src/jobs/process_tree.ts";
import { credentialAccess } from "../../src/signatures/credential_access.ts";
import { Slots } from "../../src/signatures/slots.ts";
import { complete } from "../engine/sample.ts";

function severities(...samples: readonly Samples[]): readonly string[] {
  const tree = new ProcessTree();
  const engine = new Engine([credentialAccess as Signature], tree, 1);
  return samples.flatMap((sample, at) => {
    const event = complete(sample);
    tree.apply(event);
    return engine.judge(event, at + 1).map(({ severity }) => severity);
  });
}

const exec = (process_key: number, path: string, inode = 0): Samples => ({
  ...{ event: "process_exec", process_key, parent_key: 1, path, args: [path], cwd: "/w", inode },
});
const opens = (process_key: number, path: string, created: "yes" | "no", inode = 9): Samples => ({
  ...{ event: "file_open", process_key, path, mode: 0o100600, created, inode },
  access: created === "yes" ? "write" : "read",
});
const npmrc = "/home/ci/.npmrc";
const key = "/home/ci/.ssh/id_rsa";

test("what the job made is low, what it only replaced is not", () => {
  const login = [exec(2, "/bin/sh"), opens(2, npmrc, "yes"), exec(3, "/bin/cat")];
  const replaced = [exec(2, "/usr/bin/npm"), opens(2, npmrc, "no"), opens(2, npmrc, "yes")];

  assert.deepEqual(severities(...login, opens(3, npmrc, "no")), ["low"]);
  assert.deepEqual(severities(...replaced, exec(3, "/bin/cat"), opens(3, npmrc, "no")), ["medium"]);
});

test("an owner that the job wrote, and then moved elsewhere, is none by its inode", () => {
  const copy = [exec(2, "/bin/cp"), opens(2, "/w/ssh", "yes", 77)];

  assert.deepEqual(severities(...copy, exec(3, "/opt/ssh", 77), opens(3, key, "no")), ["medium"]);
  assert.deepEqual(severities(...copy, exec(3, "/opt/ssh", 78), opens(3, key, "no")), []);
});

test("an owner that jobs often install is info when this one wrote it", () => {
  const copy = [exec(2, "/usr/bin/curl"), opens(2, "/w/kubectl", "yes", 77)];
  const config = "/home/ci/.kube/config";

  assert.deepEqual(severities(...copy, exec(3, "/w/kubectl", 77), opens(3, config, "no")), [
    "info",
  ]);
});

test("a slot that another number took gives nothing of it", () => {
  const memory = new BoundedMemory();
  const slots = new Slots("x", 8);

  slots.set(memory, 3, 30);
  slots.set(memory, 11, 110);

  assert.deepEqual(
    [3, 11, 4].map((number) => slots.get(memory, number)),
    [undefined, 110, undefined],
  );
});
