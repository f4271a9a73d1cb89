import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import type { HookJobs } from "../../agent/hook_jobs.ts";
import { python } from "./harness.ts";
import { hookProgram, programFor, serve, start, until } from "./hook_harness.ts";

const yes: HookJobs = {
  started: async () => ({ exit: 0, text: "yes" }),
  completed: async () => ({ exit: 0, text: "yes" }),
};

/** Connections that say nothing. They come in parts, because the kernel's queue holds no more. */
async function crowd(t: TestContext, { server, path }: Serving, size: number): Promise<void> {
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  while (sockets.length < size) {
    sockets.push(...Array.from({ length: Math.min(size, part) }, () => connect({ path })));
    await until(() => server.counts.turned_away + server.connections === sockets.length);
  }
}

type Serving = Awaited<ReturnType<typeof serve>>;
const part = 250;

test("of a thousand connections at once a bounded number is served, and the rest turned away", async (t) => {
  const serving = await serve(t, { jobs: yes, limits: { line_ms: 60_000 } });
  const { server } = serving;

  await crowd(t, serving, 1_000);

  assert.equal(server.connections, 32);
  assert.equal(server.counts.turned_away, 968);
});

test("a crowd of one user leaves places for the others", async (t) => {
  const limits = { most: 10, most_of_user: 6, line_ms: 60_000 };
  const serving = await serve(t, { jobs: yes, limits });
  const { path, server } = serving;
  await crowd(t, serving, 50);

  const { out } = await start([programFor(t), "started", path], { uid: 65534 }).ended;

  assert.equal(out, "yes\n");
  assert.equal(server.counts.turned_away, 44);
});

test("a job that takes every place does not keep its own hooks out", async (t) => {
  const served: number[] = [];
  let hook = { pid: 0 };
  const jobs: HookJobs = {
    ...yes,
    started: async ({ pid }) => {
      served.push(pid);
      return { exit: 0, text: "through" };
    },
    isExpected: ({ pid }) => pid === hook.pid,
  };
  const limits = { line_ms: 60_000, most_expected: 1 };
  const serving = await serve(t, { jobs, limits });
  await crowd(t, serving, 200);

  const outs: string[] = [];
  const pids: number[] = [];
  for (let i = 0; i < 3; i++) {
    const started = start([hookProgram, "started", serving.path]);
    hook = started;
    pids.push(started.pid);
    outs.push((await started.ended).out);
  }

  assert.deepEqual(outs, ["through\n", "through\n", "through\n"]);
  assert.deepEqual(served, pids);
});

test("calls without pause from several processes leave the agent able to answer", async (t) => {
  let hook = { pid: 0 };
  let most = 0;
  const jobs: HookJobs = {
    ...yes,
    completed: async ({ pid }) => {
      most = Math.max(most, server.connections);
      return { exit: 0, text: pid === hook.pid ? "through" : "no" };
    },
    isExpected: ({ pid }) => pid === hook.pid,
  };
  const { path, server } = await serve(t, { jobs });
  const floods = [1, 2, 3].map(() => start([python, "-c", flood, path]));
  t.after(() => {
    for (const { kill } of floods) kill();
  });
  await until(() => server.counts.answered > 1_000);

  const started = start([hookProgram, "completed", path]);
  hook = started;
  const { out } = await started.ended;

  assert.equal(out, "through\n");
  assert.ok(most > 0 && most <= 48, `${most} at once`);
});

/** Goes on until it is killed; a refusal is what it hopes for. */
const flood = `
import socket, sys
while True:
  caller = socket.socket(socket.AF_UNIX)
  try:
    caller.connect(sys.argv[1])
    caller.send(b'{"hook":"completed"}\\n')
  except OSError:
    pass
`;
