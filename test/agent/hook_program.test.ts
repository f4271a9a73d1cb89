import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { HookAnswer, HookJobs } from "../../agent/hook_jobs.ts";
import { HookServer } from "../../agent/hook_server.ts";
import {
  hookProgram,
  leaveBehind,
  openFolder,
  peerOf,
  pretend,
  serve,
  start,
} from "./hook_harness.ts";

const giving = (answer: HookAnswer): HookJobs => ({
  started: async () => answer,
  completed: async () => answer,
});

/** A server that answers with these bytes, whatever it is asked. */
const saying = (t: TestContext, bytes: string | Buffer): Promise<string> =>
  pretend(t, (socket) => void socket.on("data", () => socket.end(bytes)));

const gaveNone = (why: string, level = "warning"): string =>
  `::${level} title=jobwarden::The jobwarden agent gave no answer: ${why}. ` +
  "It is not known whether this job is traced.\n";

test("every escape of JSON comes out as what it means", async (t) => {
  const controls = String.fromCharCode(...Array(32).keys());
  const text = `${controls}"\\/\u007f\u0080ß漢\uffff😀\u{10ffff}`;
  const { path } = await serve(t, { jobs: giving({ exit: 0, text }) });

  const { out } = await start([hookProgram, "started", path]).ended;

  assert.equal(out, `${text}\n`);
});

test("escapes that JSON.stringify never writes are read too, and half a pair is replaced", async (t) => {
  const text =
    "\\/ \\u0041 \\u00DF \\u6f22 \\uD83D\\uDE00 \\ud83d \\ude00 \\ud83d\\u0041 \\uD83D\\uD83D\\uDE00";
  const path = await saying(t, ` { "more":-0 , "text" : "${text}" , "exit":12 } \r\n`);

  const { exit, out } = await start([hookProgram, "started", path]).ended;

  assert.deepEqual([exit, out], [12, "/ A ß 漢 😀 � � �A �😀\n"]);
});

test("the summary is added to the file that the runner names", async (t) => {
  const file = join(openFolder(t), "summary.md");
  writeFileSync(file, "before\n");
  const { path } = await serve(t, { jobs: giving({ exit: 1, text: "", summary: "# a\n|b|\n" }) });

  const env = { GITHUB_STEP_SUMMARY: file };
  const { exit, out, err } = await start([hookProgram, "completed", path], { env }).ended;

  assert.deepEqual([exit, out, err], [1, "", ""]);
  assert.equal(readFileSync(file, "utf8"), "before\n# a\n|b|\n");
});

test("what a job puts in the place of the summary neither holds up the hook nor changes its end", async (t) => {
  const folder = openFolder(t);
  const { path } = await serve(t, { jobs: giving({ exit: 7, text: "text", summary: "# a" }) });
  const [pipe, link, missing] = ["pipe", "link", "none/here"].map((name) => join(folder, name));
  spawnSync("mkfifo", [pipe!]);
  symlinkSync(join(folder, "victim"), link!);

  const ends = await Promise.all(
    [pipe, link, missing].map((file) => {
      const env = { GITHUB_STEP_SUMMARY: file! };
      return start([hookProgram, "completed", path], { env }).ended;
    }),
  );

  const why = [
    "No such device or address",
    "Too many levels of symbolic links",
    "No such file or directory",
  ];
  const said = (reason: string) =>
    `text\n::warning title=jobwarden::The job summary was not written: ${reason}.\n`;
  assert.deepEqual(
    ends,
    why.map((reason) => ({ exit: 7, out: said(reason), err: "" })),
  );
  assert.equal(existsSync(join(folder, "victim")), false);
});

test("without an agent the job goes on with a warning, or fails where that is asked for", async (t) => {
  const path = join(openFolder(t), "none.sock");
  const why = `${path}: No such file or directory`;

  const ends = await Promise.all([
    start([hookProgram, "started", path]).ended,
    start([hookProgram, "started", "--required", path]).ended,
  ]);

  assert.deepEqual(ends, [
    { exit: 0, out: gaveNone(why), err: "" },
    { exit: 1, out: gaveNone(why, "error"), err: "" },
  ]);
});

test("an agent that comes back in time answers, one that does not is not waited for long", async (t) => {
  const [back, gone] = [join(openFolder(t), "back.sock"), join(openFolder(t), "gone.sock")];
  await leaveBehind(back);
  await leaveBehind(gone);

  const hooks = [start([hookProgram, "started", back]), start([hookProgram, "started", gone])];
  const server = await HookServer.open({
    jobs: giving({ exit: 0, text: "back" }),
    peerOf,
    path: back,
  });
  t.after(() => server.close());
  const ends = await Promise.all(hooks.map(({ ended }) => ended));

  assert.deepEqual(
    ends.map(({ out }) => out),
    ["back\n", gaveNone(`${gone}: Connection refused`)],
  );
});

const garbage = [
  "yes",
  "{}",
  '{"exit":0}',
  '{"text":"x"}',
  '{"exit":"0","text":"x"}',
  '{"exit":0,"text":1}',
  '{"exit":-1,"text":"x"}',
  '{"exit":256,"text":"x"}',
  '{"exit":1.5,"text":"x"}',
  '{"exit":1e1,"text":"x"}',
  '{"exit":01,"text":"x"}',
  '{"exit":99999999999,"text":"x"}',
  '{"exit":0,"text":"x"',
  '{"exit":0,"text":"x"}}',
  '{"exit":0,"text":"x",}',
  '{"exit":0 "text":"x"}',
  '{"exit":0,"text":"x',
  '{"exit":0,"text":"\t"}',
  '{"exit":0,"text":"\\x"}',
  '{"exit":0,"text":"\\u12"}',
  '{"exit":0,"text":"\\u12g4"}',
  '{"exit":0,"text":"x","more":[]}',
  '[{"exit":0,"text":"x"}]',
  "",
];

test("what is no answer changes nothing", async (t) => {
  const ends = await Promise.all(
    garbage.map(
      async (line) => start([hookProgram, "started", await saying(t, `${line}\n`)]).ended,
    ),
  );

  const none = { exit: 0, out: gaveNone("it sent what is no answer"), err: "" };
  assert.deepEqual(
    ends,
    garbage.map(() => none),
  );
});

test("an answer that is cut or has no end is none", async (t) => {
  const [cut, endless] = [await saying(t, '{"exit":3,'), await saying(t, "x".repeat(2 << 20))];

  const ends = await Promise.all(
    [cut, endless].map((at) => start([hookProgram, "started", at]).ended),
  );

  assert.equal(ends[0]?.out, gaveNone("it closed the connection"));
  assert.equal(ends[1]?.out, gaveNone("its answer is longer than 1 MiB"));
});

test("a hook that is turned away asks again until it has a place", async (t) => {
  let calls = 0;
  const path = await pretend(t, (socket) => {
    if (++calls < 4) socket.destroy();
    else socket.on("data", () => socket.end('{"exit":0,"text":"at last"}\n'));
  });

  const { out } = await start([hookProgram, "started", path]).ended;

  assert.deepEqual([out, calls], ["at last\n", 4]);
});

test("a hook does not wait for ever for an answer, and longer at the end of a job", async (t) => {
  const path = await pretend(t, () => {});
  const begin = performance.now();
  const after = async (name: string) => {
    const found = await start([hookProgram, name, path]).ended;
    return { ...found, ms: performance.now() - begin };
  };

  const [started, completed] = await Promise.all([after("started"), after("completed")]);

  const why = "it did not answer in time";
  assert.equal(started.out, gaveNone(why));
  assert.match(
    completed.out,
    /it did not answer in time\. What this job did is not reported here\.\n$/,
  );
  assert.deepEqual([started.exit, completed.exit], [0, 0]);
  assert.ok(started.ms >= 10_000 && completed.ms >= 15_000, `${started.ms}, ${completed.ms}`);
});

test("wrong arguments are refused with the right ones", () => {
  const wrong = [[], ["stopped"], ["started", "a", "b"], ["started", "--required", "a", "b"]];

  for (const args of wrong) {
    const { status, stderr } = spawnSync(hookProgram, args, { encoding: "utf8" });

    assert.equal(stderr, "usage: hook started|completed [--required] [SOCKET]\n");
    assert.equal(status, 64);
  }
});

test("nothing of the environment leads a hook to another socket or library", async (t) => {
  const path = await saying(t, '{"exit":0,"text":"the job says all is well"}\n');
  const env = { JOBWARDEN_SOCKET: path, LD_PRELOAD: path, LD_LIBRARY_PATH: path, HOME: path };
  const absent = join(openFolder(t), "none");

  const { exit, out, err } = await start([hookProgram, "started", absent], { env }).ended;

  assert.deepEqual([exit, out, err], [0, gaveNone(`${absent}: No such file or directory`), ""]);
});
