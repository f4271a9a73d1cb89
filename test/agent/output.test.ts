import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, jobwarden, parsed, python } from "./harness.ts";
import { listener, reverseShell } from "./reverse_shell.ts";

test("--json=PATH gets the findings and the job, and the command's output nothing of it", async (t) => {
  const state = folder(t);
  const port = await listener(t);
  const path = join(state, "result.jsonl");
  const act = `${reverseShell(port)}; print('{"type": "mine"}')`;

  const { exit, out } = await jobwarden(["run", `--json=${path}`, "--", python, "-c", act], {
    state,
  });

  assert.deepEqual([exit, out.toString()], [3, '{"type": "mine"}\n']);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const [finding, job, ...more] = parsed(readFileSync(path));
  assert.deepEqual(more, []);
  assert.deepEqual([finding?.["type"], finding?.["signature"]], ["finding", "TRC-101"]);
  assert.deepEqual(
    [job?.["type"], job?.["exit_code"], job?.["jobwarden_exit_code"], job?.["complete"]],
    ["job", 0, 3, true],
  );
  assert.deepEqual([job?.["processes"], job?.["findings"], job?.["losses"]], [1, 1, []]);
});

test("--json=fd:3 writes to a descriptor that the caller has opened, and the command has not", async (t) => {
  const state = folder(t);
  const within = ["sh", "-c", `exec "$@" 3>${state}/three`, "sh"];
  // Of the shell itself; `ls` would list what it has open while it lists.
  const act = "[ -e /proc/$$/fd/3 ] && echo leaked; echo out; echo err >&2";

  const { exit, out, err } = await jobwarden(["run", "--json=fd:3", "--", "sh", "-c", act], {
    state,
    within,
  });

  assert.deepEqual([exit, out.toString()], [0, "out\n"]);
  assert.match(err, /^err\njobwarden: job 1 \(sh\): nothing detected\n/);
  assert.deepEqual(
    parsed(readFileSync(join(state, "three"))).map(({ type }) => type),
    ["job"],
  );
});

test("plain --json prints JSON on standard error instead of the summary", async (t) => {
  const { out, err } = await jobwarden(["run", "--json", "--", "echo", "out"], {
    state: folder(t),
  });

  assert.equal(out.toString(), "out\n");
  assert.deepEqual(
    parsed(err).map(({ type, name }) => [type, name]),
    [["job", "echo"]],
  );
});

test("a failure is a line of JSON too", async (t) => {
  const state = folder(t);
  const path = join(state, "result.jsonl");

  const { exit } = await jobwarden(["run", `--json=${path}`, "--", "no-such-command-1"], { state });

  assert.equal(exit, 127);
  assert.deepEqual(
    parsed(readFileSync(path)).map(({ type, code }) => [type, code]),
    [["error", "COMMAND_NOT_FOUND"]],
  );
});

test("a JSON file that cannot take it all is told, and the run fails", async (t) => {
  const { exit, out, err } = await jobwarden(["run", "--json=/dev/full", "--", "echo", "out"], {
    state: folder(t),
  });

  assert.deepEqual([exit, out.toString()], [125, "out\n"]);
  assert.match(err, /not all of --json=\/dev\/full was written: ENOSPC/);
});
