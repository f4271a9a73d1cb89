import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import type { HookJobs } from "../../agent/hook_jobs.ts";
import type { Peer } from "../../native/index.ts";
import { hookProgram, openFolder, serve, start } from "../agent/hook_harness.ts";

const scripts = ["installer/hooks/job-started.sh", "installer/hooks/job-completed.sh"] as const;

/** As the runner starts a hook, where `/run/jobwarden` is the folder and nothing else is changed. */
const asRunner = `
  mount -t tmpfs none /run
  mkdir /run/jobwarden
  mount --bind "$1" /run/jobwarden
  exec bash -e "$2"`;

test("each script of a clone becomes the hook: the runner's own child asks", async (t) => {
  const asked: (readonly [string, Peer])[] = [];
  const answering = (hook: string) => async (peer: Peer) => {
    asked.push([hook, peer]);
    return { exit: 9, text: hook };
  };
  const jobs: HookJobs = { started: answering("started"), completed: answering("completed") };
  const { path } = await serve(t, { jobs });

  for (const script of scripts) {
    const args = ["-e", "-c", asRunner, "sh", dirname(path), resolve(script)] as const;
    const runner = start(["unshare", "--mount", "sh", ...args]);
    const { exit, out, err } = await runner.ended;

    const hook = script.match(/started|completed/)?.[0] ?? "";
    assert.deepEqual([exit, out, err], [9, `${hook}\n`, ""]);
    assert.deepEqual(asked.at(-1), [hook, { pid: runner.pid, uid: 0, gid: 0 }]);
  }
});

for (const shell of ["bash", "sh"]) {
  test(`in ${shell}, a script without its program warns, and fails only where that is asked for`, (t) => {
    for (const script of scripts) {
      const copy = copied(t, script);

      const first = spawnSync(shell, ["-e", copy], { encoding: "utf8" });
      writeFileSync(join(dirname(copy), "required"), "");
      const second = spawnSync(shell, ["-e", copy], { encoding: "utf8" });

      const program = `${dirname(copy)}/../../native/build/hook`;
      const said = `::warning title=jobwarden::${program} is missing; expected what set-up builds.\n`;
      assert.deepEqual([first.status, first.stdout, first.stderr], [0, said, ""]);
      assert.deepEqual([second.status, second.stdout, second.stderr], [1, said, ""]);
    }
  });
}

test("a file `required` beside the script makes the hook fail without an agent", (t) => {
  for (const script of scripts) {
    const copy = copied(t, script);
    const program = resolve(dirname(copy), "../../native/build/hook");
    mkdirSync(dirname(program), { recursive: true });
    copyFileSync(hookProgram, program);
    const args = ["--mount", "sh", "-e", "-c", asRunner, "sh", openFolder(t), copy];

    const free = spawnSync("unshare", args, { encoding: "utf8" });
    writeFileSync(join(dirname(copy), "required"), "");
    const bound = spawnSync("unshare", args, { encoding: "utf8" });

    assert.deepEqual([free.status, bound.status], [0, 1]);
    assert.match(
      free.stdout,
      /^::warning title=jobwarden::The jobwarden agent gave no answer: \/run/,
    );
    assert.match(
      bound.stdout,
      /^::error title=jobwarden::The jobwarden agent gave no answer: \/run/,
    );
  }
});

test("the scripts differ in the name of their hook only", () => {
  const [started = "", completed = ""] = scripts.map((script) => readFileSync(script, "utf8"));

  const renamed = started.replaceAll("started", "completed").replaceAll("STARTED", "COMPLETED");
  assert.equal(renamed, completed);
});

/** A copy of a script in a tree of its own. */
function copied(t: TestContext, script: string): string {
  const copy = join(openFolder(t), script);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(script, copy);
  return copy;
}
