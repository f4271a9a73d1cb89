import assert from "node:assert/strict";
import { test } from "node:test";
import { JobwardenError } from "../../../src/base/errors.ts";
import type { Diagnosis } from "../../../src/cli/context.ts";
import { jobwarden, parsedLines } from "../border.ts";

const ok: Diagnosis = {
  checks: [{ name: "kernel", state: "ok", found: "6.1.0", remedy: "" }],
  coverage: [
    { event: "process_fork", hooks: ["tp_btf/task_newtask"], loses: [], refused: [] },
    {
      event: "file_open",
      hooks: ["tp_btf/sys_exit"],
      loses: ["an open through io_uring"],
      refused: ["fexit/do_filp_open: EINVAL"],
    },
  ],
};

const bad: Diagnosis = {
  checks: [{ name: "BTF", state: "missing", found: "no vmlinux", remedy: "use another kernel" }],
  coverage: [{ event: "cgroup_move", hooks: [], loses: [], refused: ["tp_btf/x: ENOENT"] }],
};

test("doctor says which hook each event has, what it loses and what was refused", async () => {
  const { exit, out } = await jobwarden(["doctor"], { diagnosis: ok });

  assert.equal(exit, 0);
  assert.equal(
    out,
    [
      "ok        kernel        6.1.0",
      "",
      "ok        process_fork  tp_btf/task_newtask",
      "degraded  file_open     tp_btf/sys_exit",
      "                        loses: an open through io_uring",
      "                        refused: fexit/do_filp_open: EINVAL",
      "",
      "Ready to trace.",
      "",
    ].join("\n"),
  );
});

test("what is missing has its remedy, and makes exit code 1", async () => {
  const { exit, out } = await jobwarden(["doctor"], { diagnosis: bad });

  assert.equal(exit, 1);
  assert.match(out, /^missing {3}BTF {10}no vmlinux\n {23}do: use another kernel$/m);
  assert.match(out, /^missing {3}cgroup_move {2}not seen on this kernel$/m);
  assert.match(out, /^2 things missing; see above\.$/m);
});

test("doctor --json has one check or event on each line", async () => {
  const { exit, out } = await jobwarden(["doctor", "--json"], { diagnosis: bad });

  assert.equal(exit, 1);
  assert.deepEqual(parsedLines(out), [
    { type: "check", ...bad.checks[0] },
    { type: "event", ...bad.coverage[0] },
  ]);
});

test("without root it says so", async () => {
  const failure = new JobwardenError("NEED_ROOT", "doctor runs as user 1000");

  const { exit, err } = await jobwarden(["doctor"], { failure });

  assert.equal(exit, 1);
  assert.match(err, /^jobwarden: doctor runs as user 1000\. .*sudo\.\n$/);
});
