import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

test("the demo's story goes as told: silence first, then the finding with its evidence", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["examples/demo.ts"], {
    encoding: "utf8",
  });

  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /It went as told/);
  assert.match(stdout, /uid=0\(root\)/);
  assert.match(stderr, /demo-app @ good\): nothing detected/);
  assert.match(stderr, /HIGH {2}Standard Input\/Output Over Socket {2}TRC-101 \(formerly TRC-1\)/);
  assert.match(stderr, /put its connection to 127\.0\.0\.1:\d+ on standard input/);
  assert.match(stderr, /sh build\.sh.*\n.*app\.py.*\n.*reporter\.py/);
});
