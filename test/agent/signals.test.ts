import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, jobwarden, python, rows, run, start, stateOf, until } from "./harness.ts";

const quiet = ["run", "--quiet", "--"];

test("each signal is passed on to the command, which decides by itself", async (t) => {
  const state = folder(t);
  const signals = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;
  const names = signals.map((signal) => signal.slice(3));
  const traps = names.map((name) => `trap 'echo ${name}' ${name};`).join(" ");
  const act = `${traps} echo ready; n=0; while [ $n -lt 6 ]; do read -r x && n=$((n+1)); done; exit 7`;

  const started = start([...quiet, "sh", "-c", act], { state });
  await started.printed("ready");
  for (const [i, signal] of signals.entries()) {
    process.kill(started.pid, signal);
    // A shell runs the trap when its read is done.
    await until(() => stateOf(started.pid) !== "R", started);
    started.write("\n");
    await started.printed(names[i] ?? "");
  }
  const { exit, out } = await started.ended;

  assert.deepEqual(out.toString().trim().split("\n"), ["ready", ...names]);
  assert.equal(exit, 7);
});

test("a signal ends a command that does not handle it, and the job is whole", async (t) => {
  const state = folder(t);

  const started = start([...quiet, "sh", "-c", "echo ready; exec sleep 1000"], { state });
  await started.printed("ready");
  process.kill(started.pid, "SIGTERM");

  assert.equal((await started.ended).exit, 143);
  assert.deepEqual(rows(state, "SELECT state, signal, complete FROM job"), [
    { state: "ended", signal: "SIGTERM", complete: 1 },
  ]);
});

test("Ctrl-C on a terminal reaches the command once", async (t) => {
  const state = folder(t);
  const { out } = await onTerminal(state, folder(t), "");

  assert.match(out, /once\r\n/);
  assert.deepEqual(rows(state, "SELECT state, exit_code FROM job"), [
    { state: "ended", exit_code: 4 },
  ]);
});

test("Ctrl-C reaches it once too when its standard input is no terminal", async (t) => {
  const { out } = await onTerminal(folder(t), folder(t), "</dev/null");

  assert.match(out, /once\r\n/);
});

/** Types Ctrl-C when the command is ready, which says whether it came once or again. */
async function onTerminal(state: string, cwd: string, redirection: string) {
  const act = `
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
parent = os.getppid()
# Until the first interrupt is taken: a second one before that would be the same for the kernel.
os.kill(parent, signal.SIGSTOP)
while open(f"/proc/{parent}/stat").read().rsplit(")")[-1].split()[0] != "T": pass
print("ready", flush=True)
signal.sigwait({signal.SIGINT})
# jobwarden passes on in order what it has: a second interrupt would come before this.
os.kill(parent, signal.SIGTERM)
os.kill(parent, signal.SIGCONT)
signal.sigwait({signal.SIGTERM})
print("again" if signal.SIGINT in signal.sigpending() else "once", flush=True)
raise SystemExit(4)
`;
  const terminal = `
import os, pty, sys
pid, master = pty.fork()
if pid == 0: os.execvp("sh", ["sh", "-c", sys.argv[1], "sh"] + sys.argv[2:])
seen = b""
while True:
    try: piece = os.read(master, 4096)
    except OSError: break
    if not piece: break
    if b"ready" not in seen and b"ready" in seen + piece: os.write(master, b"\\x03")
    seen += piece
os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
`;
  const within = [python, "-c", terminal, `exec "$@" ${redirection}`];
  const { out, err } = await jobwarden([...quiet, python, "-c", act], { state, cwd, within });
  return { out: out.toString(), err };
}

test("a command that is stopped and continued goes on, and so does its record", async (t) => {
  const state = folder(t);
  const act = "echo $$; kill -STOP $$; cat /etc/hostname >/dev/null; exit 6";

  const started = start([...quiet, "sh", "-c", act], { state });
  await started.printed("\n");
  const pid = Number(started.text());
  await until(() => stateOf(pid) === "T", started);
  process.kill(pid, "SIGCONT");

  assert.equal((await started.ended).exit, 6);
  assert.equal(rows(state, "SELECT * FROM process_exec").length, 2);
});

test("a job that stops jobwarden is found, and loses nothing", async (t) => {
  const state = folder(t);
  const cwd = folder(t);
  const act = "kill -STOP $PPID; for i in 1 2 3 4 5 6 7 8 9; do : >f$i; done; : >all";

  const started = start([...quiet, "sh", "-c", act], { state, cwd });
  await until(() => existsSync(join(cwd, "all")) && stateOf(started.pid) === "T", started);
  process.kill(started.pid, "SIGCONT");

  assert.equal((await started.ended).exit, 3);
  assert.deepEqual(rows(state, "SELECT DISTINCT signature FROM finding"), [
    { signature: "JW-207" },
  ]);
  const opens = "SELECT count(*) AS n FROM file_open_view WHERE path LIKE ?";
  assert.deepEqual(rows(state, opens, `${cwd}/%`), [{ n: 10 }]);
  assert.deepEqual(rows(state, "SELECT complete FROM job"), [{ complete: 1 }]);
});

test("a job that ends its whole process group is recorded to its end", async (t) => {
  const state = folder(t);

  const started = start([...quiet, "sh", "-c", "kill -TERM 0; exit 1"], { state, detached: true });

  assert.equal((await started.ended).exit, 143);
  assert.deepEqual(rows(state, "SELECT state, signal FROM job"), [
    { state: "ended", signal: "SIGTERM" },
  ]);
});

test("a job that kills its whole process group leaves a record that says interrupted", async (t) => {
  const state = folder(t);

  const started = start([...quiet, "sh", "-c", "kill -KILL 0"], { state, detached: true });

  assert.equal((await started.ended).signal, "SIGKILL");
  await run(["true"], { state });
  assert.deepEqual(rows(state, "SELECT state, complete FROM job ORDER BY id"), [
    { state: "interrupted", complete: 0 },
    { state: "ended", complete: 1 },
  ]);
});
