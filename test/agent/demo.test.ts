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
  // What the hooks say in the log of each job: on the line of the step, and with the ancestry.
  assert.match(stdout, /jobwarden: this job is traced as job 1\. Coverage is complete\./);
  assert.match(stdout, /jobwarden: This job passes: no finding is high or above\./);
  assert.match(stdout, /::error file=\.github\/workflows\/ci\.yml,line=10,title=jobwarden TRC-101/);
  assert.match(stdout, /put its connection to 127\.0\.0\.1:\d+ on standard input/);
  assert.match(stdout, /sh build\.sh.*\n.*app\.py.*\n.*reporter\.py/);
  assert.match(stdout, /jobwarden: This job fails: 1 finding is high or above\./);
  // And what `jobwarden show` says of the second.
  assert.match(stdout, /Job 2 \(octo\/hello: CI \/ build\): 1 finding: 1 high/);
  assert.match(stdout, /HIGH {2}Standard Input\/Output Over Socket {2}TRC-101 \(formerly TRC-1\)/);
  assert.match(stdout, /step +step 2 Build and run the app/);
});
