import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import type { RunnerOptions, StandInRunner } from "../runner/stand_in_runner.ts";
import { AgentUnderTest } from "./agent_harness.ts";
import { compare } from "./truth.ts";

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** What a test has made goes in the other order: who uses a thing goes before the thing. */
function aStack(t: TestContext): AsyncDisposableStack {
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  return stack;
}

/** A user of this host with a home. */
function aUser(made: AsyncDisposableStack, name: string, home: string): User {
  execFileSync("useradd", ["--create-home", "--home-dir", home, "--shell", "/bin/sh", name]);
  made.defer(() => void execFileSync("userdel", [name]));
  const id = (what: string) => Number(execFileSync("id", [what, name], { encoding: "utf8" }));
  return { name, uid: id("-u"), gid: id("-g"), home };
}

/** This repository at a path that every user can reach, which that of a clone need not be. */
function aReachableRepository(made: AsyncDisposableStack): string {
  const at = mkdtempSync(join(tmpdir(), "everybody-"));
  chmodSync(at, 0o755);
  execFileSync("mount", ["--bind", resolve("."), at]);
  made.defer(() => {
    execFileSync("umount", [at]);
    rmSync(at, { recursive: true });
  });
  return at;
}

/** The stand-in of that repository: its runners start programs of it. */
async function aRunnerOf(
  made: AsyncDisposableStack,
  repository: string,
  options: RunnerOptions,
): Promise<StandInRunner> {
  const path = join(repository, "test/runner/stand_in_runner.ts");
  const { StandInRunner: Runner } = (await import(
    path
  )) as typeof import("../runner/stand_in_runner.ts");
  const runner = made.use(new Runner(options));
  runner.install();
  await runner.start();
  return runner;
}

const workflow = `
name: Own
on: push
jobs:
  own:
    runs-on: self-hosted
    steps:
      - name: leaves
        run: |
          mark leaves
          home=$(getent passwd "$(id -u)" | cut -d: -f6)
          echo "# changed" >>"$home/.bashrc"
`;

/** A repository with one workflow. @returns its file */
function aWorkflow(directory: string): string {
  const folder = join(directory, "repository", ".github", "workflows");
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(directory, "actions"));
  writeFileSync(join(folder, "own.yml"), workflow);
  return join(folder, "own.yml");
}

test("runners of two users on one host are told apart in all that is known of their jobs", async (t) => {
  const made = aStack(t);
  const repository = aReachableRepository(made);
  const agent = made.use(new AgentUnderTest(repository));
  chmodSync(agent.directory, 0o755);
  await agent.start();
  const file = aWorkflow(agent.directory);
  const env = {
    ACTIONS_RUNNER_HOOK_JOB_STARTED: agent.hooks.started,
    ACTIONS_RUNNER_HOOK_JOB_COMPLETED: agent.hooks.completed,
  };
  const both = await Promise.all(
    ["runner-1", "runner-2"].map(async (name, i) => {
      const user = aUser(made, `jw-${process.pid}-${i}`, join(agent.directory, `home-${i}`));
      const root = join(agent.directory, "runners", name);
      const runner = await aRunnerOf(made, repository, { root, name, env, owner: user });
      await agent.logged(`"name":"${name}"`);
      return { user, runner, name };
    }),
  );

  const outcomes = await Promise.all(
    both.map(({ runner, name }) =>
      runner.runJob({ workflow: file, job: "own", repository: `octo/${name}` }),
    ),
  );
  await agent.ended(2);
  const left = await agent.until<{ job: number; path: string }>(
    "SELECT job, path FROM residue ORDER BY job",
    ({ length }) => length >= 2,
  );

  // Each wrote to what its user's shells read.
  const found = agent.rows("SELECT job, signature FROM finding ORDER BY job");
  assert.deepEqual(found, [
    { job: 1, signature: "JW-180" },
    { job: 2, signature: "JW-180" },
  ]);
  const jobs = agent.rows<{ id: number; name: string; root: string; user: string; uid: number }>(`
    SELECT j.id, j.name, r.root, r.user, (SELECT max(uid) FROM process WHERE job = j.id) AS uid
      FROM job AS j JOIN runner AS r ON r.id = j.runner WHERE complete ORDER BY r.name`);
  assert.deepEqual(
    jobs.map(({ id: _, ...job }) => job),
    both.map(({ user: { name: user, uid }, runner: { root }, name }) => ({
      ...{ name: `octo/${name}: Own / own`, root, user, uid },
    })),
  );
  for (const [i, { user }] of both.entries()) {
    const [job, outcome] = [jobs[i], outcomes[i]];
    assert.ok(job && outcome);
    assert.equal(outcome.result, "Succeeded");
    assert.deepEqual(compare(agent, job.id, outcome.truth).unknown, []);
    assert.match(readFileSync(outcome.log, "utf8"), new RegExp(`is traced as job ${job.id}\\.`));
    const own = left.filter((one) => one.job === job.id).map(({ path }) => path);
    assert.deepEqual(own, [join(user.home, ".bashrc")]);
  }
});
