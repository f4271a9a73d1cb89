import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type HookCall,
  judgeHookCall,
  type PeerExec,
  type PeerRecord,
} from "../../src/jobs/hook_peer.ts";

const scripts = {
  started: "/opt/jobwarden/installer/hooks/job-started.sh",
  completed: "/opt/jobwarden/installer/hooks/job-completed.sh",
};
const program = "/opt/jobwarden/native/build/hook";
const worker_key = 7;

const shell = (...args: string[]): PeerExec => ({
  path: "/usr/bin/bash",
  args: ["/bin/bash", ...args],
});
const hook = (name = "completed"): PeerExec => ({
  path: program,
  args: ["/opt/jobwarden/installer/hooks/../../native/build/hook", name],
});
const script = shell("-e", scripts.completed);

const record = (changes: Partial<PeerRecord> = {}): PeerRecord => ({
  process_key: 8,
  parent_key: worker_key,
  is_forked_by_worker: true,
  has_ended: false,
  execs: [script, hook()],
  ...changes,
});

const judge = (peer: PeerRecord | undefined, changes: Partial<HookCall> = {}) =>
  judgeHookCall({
    pid: 42,
    asked: "completed",
    record: peer,
    worker_key,
    scripts,
    program,
    is_shell_root_owned: true,
    ...changes,
  });

const refused = (reason: string, why: string) => ({
  accepted: false,
  reason,
  text: `process 42 ${why}`,
});
const otherScript = refused("other_script", "was not started as the runner's hook");

test("the Worker's own child that became the hook by our script is accepted", () => {
  const started = record({ execs: [shell("-e", scripts.started), hook("started")] });

  assert.deepEqual(judge(record()), { accepted: true, notes: [] });
  assert.deepEqual(judge(started, { asked: "started" }), { accepted: true, notes: [] });
});

test("a shell that is not root's is accepted with a note", () => {
  assert.deepEqual(judge(record(), { is_shell_root_owned: false }), {
    accepted: true,
    notes: ["shell_not_root_owned"],
  });
});

test("a process that is not recorded, has ended, or has no Worker is refused", () => {
  assert.deepEqual(judge(undefined), refused("not_recorded", "is not of a traced job"));
  assert.deepEqual(judge(record({ has_ended: true })), refused("ended", "has ended"));
  for (const unknown of [undefined, 0]) {
    assert.deepEqual(
      judge(record({ parent_key: 0 }), { worker_key: unknown }),
      refused("no_worker", "belongs to a job without a known Worker"),
    );
  }
});

test("a descendant of a step is refused, whatever it runs", () => {
  const deep = record({ parent_key: 9, is_forked_by_worker: false });

  assert.deepEqual(judge(deep), refused("not_a_child", "is not a direct child of the Worker"));
});

test("a process that made itself the Worker's child is refused", () => {
  const sibling = record({ is_forked_by_worker: false });

  assert.deepEqual(judge(sibling), refused("not_forked_by_worker", "was not forked by the Worker"));
});

test("a step that becomes our script, and then the hook, is refused", () => {
  const step = shell("-e", "/home/runner/_work/_temp/0.sh");

  assert.deepEqual(judge(record({ execs: [step, script, hook()] })), otherScript);
  assert.deepEqual(judge(record({ execs: [step, hook()] })), otherScript);
});

const spellings = [
  "/opt/jobwarden/installer/hooks/../hooks/job-completed.sh",
  "/opt/jobwarden/installer/hooks//job-completed.sh",
  "/opt/jobwarden/./installer/hooks/job-completed.sh",
  "/home/runner/link/job-completed.sh",
  "/home/runner/opt/jobwarden/installer/hooks/job-completed.sh",
  "opt/jobwarden/installer/hooks/job-completed.sh",
  "/opt/jobwarden/installer/hooks/job-completed.sh ",
  "/opt/jobwarden/installer/hooks/job-completed.sh\n",
  "/opt/jobwarden/installer/hooks/job-completed.SH",
  "",
];

for (const path of spellings) {
  test(`${JSON.stringify(path)} is not the script that the runner was configured with`, () => {
    assert.deepEqual(judge(record({ execs: [shell("-e", path), hook()] })), otherScript);
  });
}

const commandLines = [
  [],
  ["-e"],
  [scripts.completed],
  ["-e", scripts.completed, "/home/runner/_work/_temp/0.sh"],
  ["-c", scripts.completed],
  ["-ec", scripts.completed],
  ["-x", scripts.completed],
  ["--noprofile", "-e", scripts.completed],
  [scripts.completed, "-e"],
];

for (const args of commandLines) {
  test(`a shell with ${JSON.stringify(args)} is not how the runner starts a hook`, () => {
    assert.deepEqual(judge(record({ execs: [shell(...args), hook()] })), otherScript);
  });
}

test("no exec at all, or none but the hook's, is refused", () => {
  assert.deepEqual(judge(record({ execs: [] })), otherScript);
  assert.deepEqual(judge(record({ execs: [hook()] })), otherScript);
});

test("a hook cannot ask as the other hook", () => {
  assert.deepEqual(
    judge(record(), { asked: "started" }),
    refused("other_hook", "was started as the other hook"),
  );
});

test("a script that became anything but our program is refused", () => {
  const other = { ...hook(), path: "/home/runner/hook" };

  for (const execs of [[script], [script, other]]) {
    assert.deepEqual(
      judge(record({ execs })),
      refused("other_program", "runs another program than the hook's"),
    );
  }
});

test("a hook that became something else since, or before, is refused", () => {
  const why = refused("replaced_itself", "was not only the hook's script and program");

  for (const execs of [
    [script, hook(), hook()],
    [script, shell("-c", "x"), hook()],
  ]) {
    assert.deepEqual(judge(record({ execs })), why);
  }
});
