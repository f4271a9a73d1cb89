import assert from "node:assert/strict";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { HookAnswer, HookJobs } from "../../agent/hook_jobs.ts";
import { HookServer } from "../../agent/hook_server.ts";
import type { Peer } from "../../native/index.ts";
import {
  hookProgram,
  leaveBehind,
  openFolder,
  peerOf,
  programFor,
  send,
  serve,
  start,
  until,
} from "./hook_harness.ts";

/** Answers everything, and remembers who asked for what. */
function agreeing(answer: HookAnswer = { exit: 0, text: "yes" }) {
  const asked: (readonly [string, Peer])[] = [];
  const answers = (hook: string) => async (peer: Peer) => {
    asked.push([hook, peer]);
    return answer;
  };
  const jobs: HookJobs = { started: answers("started"), completed: answers("completed") };
  return { asked, jobs };
}

const never: HookJobs = { started: () => new Promise(() => {}), completed: async () => ok };
const ok: HookAnswer = { exit: 0, text: "yes" };
const call = '{"hook":"started"}\n';

const timers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("a hook learns what its job is told, and the kernel says who asked", async (t) => {
  const { asked, jobs } = agreeing({ exit: 3, text: "two\nlines" });
  const { path } = await serve(t, { jobs });

  const hook = start([hookProgram, "completed", path]);
  const ended = await hook.ended;

  assert.deepEqual(ended, { exit: 3, out: "two\nlines\n", err: "" });
  assert.deepEqual(asked, [["completed", { pid: hook.pid, uid: 0, gid: 0 }]]);
});

test("a hook of another user may ask, and is known as that user", async (t) => {
  const { asked, jobs } = agreeing();
  const { path, server } = await serve(t, { jobs });

  const hook = start([programFor(t), "started", path], { uid: 65534 });
  const { exit, out } = await hook.ended;

  assert.deepEqual([exit, out], [0, "yes\n"]);
  assert.deepEqual(asked, [["started", { pid: hook.pid, uid: 65534, gid: 65534 }]]);
  assert.equal(statSync(path).mode & 0o777, 0o666);
  assert.deepEqual(server.counts, { answered: 1, refused: 0, turned_away: 0, failed: 0 });
});

const refusals = [
  ["no JSON", "started\n", "not_a_call", "it is not understood"],
  ["an unknown hook", '{"hook":"stopped"}\n', "not_a_call", "it is not understood"],
  ["one word more", '{"hook":"started","exit":0}\n', "not_a_call", "it is not understood"],
  ["bytes that are no text", Buffer.from([255, 0, 10]), "not_a_call", "it is not understood"],
  ["two lines", `${call}${call}`, "not_one_line", "it is more than one line"],
  ["a line that is too long", `"${"x".repeat(4096)}"\n`, "too_long", "it is too long"],
  ["a line without an end", "x".repeat(4097), "too_long", "it is too long"],
] as const;

for (const [what, bytes, trouble, why] of refusals) {
  test(`${what} is refused and reported`, async (t) => {
    const refused: unknown[] = [];
    const { asked, jobs } = agreeing();
    const onRefused = (...found: unknown[]) => refused.push(found);
    const { path, server } = await serve(t, { jobs, onRefused });

    const answer = await send(path, bytes);

    const said = `::warning title=jobwarden::The call of the hook was refused: ${why}.\n`;
    assert.deepEqual(JSON.parse(answer), { exit: 0, text: said });
    assert.deepEqual(refused, [[{ pid: process.pid, uid: 0, gid: 0 }, trouble]]);
    assert.deepEqual(asked, []);
    assert.equal(server.counts.refused, 1);
  });
}

test("a call may come in pieces, and its sender may then say no more", async (t) => {
  const { asked, jobs } = agreeing();
  const { path } = await serve(t, { jobs });

  const socket = connect({ path });
  for (const piece of call) {
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.write(piece, () => resolve());
    await promise;
  }
  socket.end();
  const [answer] = await once(socket, "data");

  assert.equal(String(answer), '{"exit":0,"text":"yes"}\n');
  assert.equal(asked.length, 1);
});

test("who says nothing, or says it slowly, is refused when the time is over", async (t) => {
  const { path, server } = await serve(t, { jobs: agreeing().jobs, limits: { line_ms: 50 } });

  const answers = await Promise.all([send(path, ""), send(path, '{"hook":')]);

  for (const answer of answers) assert.match(answer, /it did not come in time/);
  await until(() => server.connections === 0);
});

test("who goes in the middle of a call gives its place back, and leaves no timer", async (t) => {
  const refused: unknown[] = [];
  const onRefused = (_: Peer, trouble: string) => refused.push(trouble);
  const limits = { most: 1, line_ms: 60_000 };
  const { path, server } = await serve(t, { jobs: agreeing().jobs, onRefused, limits });
  const before = timers();

  connect({ path }).destroySoon();
  await until(() => refused.length > 0 && server.connections === 0);

  assert.deepEqual(refused, ["closed"]);
  assert.equal(timers(), before);
  assert.equal(await send(path, call), '{"exit":0,"text":"yes"}\n');
});

test("a server that closes cuts off who is connected, and leaves no timer", async (t) => {
  const { path, server } = await serve(t, { jobs: never, limits: { line_ms: 60_000 } });
  const before = timers();
  const silent = send(path, "");
  await until(() => server.connections === 1);

  await server.close();

  assert.deepEqual([await silent, server.connections], ["", 0]);
  assert.equal(timers(), before);
});

test("who stays after its answer is gone all the same", async (t) => {
  const { path, server } = await serve(t, { jobs: agreeing().jobs, limits: { answer_ms: 60_000 } });

  const socket = connect({ path, allowHalfOpen: true });
  t.after(() => socket.destroy());
  socket.write(call);
  const [answer] = await once(socket, "data");
  await until(() => server.connections === 0);

  assert.equal(String(answer), '{"exit":0,"text":"yes"}\n');
});

test("a job that is never judged costs its caller a time, not the agent a place", async (t) => {
  const troubles: unknown[] = [];
  const onTrouble = (error: unknown) => troubles.push(String(error));
  const { path, server } = await serve(t, { jobs: never, onTrouble, limits: { answer_ms: 50 } });

  const answer = await send(path, call);

  assert.match(answer, /^\{"exit":0,"text":"::warning title=jobwarden::The agent could not answer/);
  assert.deepEqual(troubles, ["Error: no answer in 50 ms"]);
  await until(() => server.connections === 0);
});

test("an error of the one who judges is reported here, and not to the job", async (t) => {
  const troubles: unknown[] = [];
  const jobs: HookJobs = {
    started: () => Promise.reject(new Error("secret")),
    completed: () => {
      throw new Error("at once");
    },
  };
  const { path, server } = await serve(t, { jobs, onTrouble: (error) => troubles.push(error) });

  const answers = [await send(path, call), await send(path, '{"hook":"completed"}\n')];

  for (const answer of answers) assert.match(answer, /The agent could not answer/);
  assert.deepEqual(troubles.map(String), ["Error: secret", "Error: at once"]);
  assert.equal(server.counts.failed, 2);
});

test("an answer that is too long loses its summary, then its text, never its exit code", async (t) => {
  const long = "x".repeat(1 << 20);
  const summaryOnly = agreeing({ exit: 4, text: "short", summary: long }).jobs;
  const both = agreeing({ exit: 5, text: long }).jobs;

  const found = await Promise.all(
    [summaryOnly, both].map(async (jobs) => {
      const { path } = await serve(t, { jobs });
      return start([hookProgram, "started", path]).ended;
    }),
  );

  assert.deepEqual(found[0], { exit: 4, out: "short\n", err: "" });
  assert.equal(found[1]?.exit, 5);
  assert.match(found[1]?.out ?? "", /^::warning title=jobwarden::The report is too long/);
});

test("a socket left behind is replaced, and taken away at the end", async (t) => {
  const path = join(openFolder(t), "made", "hook.sock");
  mkdirSync(join(path, ".."));
  await leaveBehind(path);

  const server = await HookServer.open({ jobs: agreeing().jobs, peerOf, path });
  const { exit } = await start([hookProgram, "started", path]).ended;
  await server.close();
  await server.close();

  assert.deepEqual([exit, existsSync(path)], [0, false]);
});

test("a missing directory is made for the owner to write and all to enter", async (t) => {
  const directory = join(openFolder(t), "made");
  const before = process.umask(0o077);
  t.after(() => process.umask(before));

  const server = await HookServer.open({ jobs: never, peerOf, path: join(directory, "s") });
  await server.close();

  assert.equal(statSync(directory).mode & 0o777, 0o755);
});

test("a second agent refuses to start, and leaves the first at work", async (t) => {
  const { path } = await serve(t, { jobs: agreeing().jobs });

  await assert.rejects(HookServer.open({ jobs: never, peerOf, path }), {
    code: "AGENT_RUNNING",
    message: `something answers on ${path}`,
  });
  assert.equal((await start([hookProgram, "started", path]).ended).out, "yes\n");
});

test("a place that others could take over is refused", async (t) => {
  const directory = openFolder(t);
  const file = join(directory, "file");
  writeFileSync(file, "");
  const shared = join(directory, "shared");
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  const open = (path: string) => HookServer.open({ jobs: never, peerOf, path });

  await assert.rejects(open(file), {
    code: "HOOK_SOCKET",
    message: /file is there and is no socket/,
  });
  await assert.rejects(open(join(shared, "s")), {
    code: "HOOK_SOCKET",
    message: `${shared} is of user 0 with mode 0777; expected our own, 0755`,
  });
  await assert.rejects(open(join(file, "s")), { code: "HOOK_SOCKET", message: /cannot be made/ });
});

test("a server that cannot tell who asks does not start", async (t) => {
  const path = join(openFolder(t), "s");
  const blind = () => {
    throw new Error("no descriptor");
  };

  await assert.rejects(
    HookServer.open({ jobs: never, peerOf: blind, path, limits: { line_ms: 50 } }),
    {
      code: "HOOK_SOCKET",
      message: `${path} does not lead to this agent`,
    },
  );
  assert.equal(existsSync(path), false);
});

test("peerOf throws for what is no connected unix socket", async (t) => {
  const file = openSync("package.json", "r");
  t.after(() => closeSync(file));
  const network = createServer().listen(0, "127.0.0.1");
  t.after(() => void network.close());
  await once(network, "listening");
  const { fd } = (network as unknown as { _handle: { fd: number } })._handle;

  assert.throws(() => peerOf(-1), {
    code: "PEER_OF",
    message: "descriptor -1: Bad file descriptor",
  });
  assert.throws(() => peerOf(file), { code: "PEER_OF", errno: constants.errno.ENOTSOCK });
  assert.throws(() => peerOf(fd), { code: "PEER_OF", errno: constants.errno.ENOTCONN });
});
