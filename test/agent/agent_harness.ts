import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { StandInRunner } from "../runner/stand_in_runner.ts";
import { jobwarden, rows, type Started, start } from "./harness.ts";

export interface AgentSettings {
  /** More lines of the configuration. */
  readonly settings?: string;
  readonly fail_on?: string;
  /** Names of those that it may follow. */
  readonly runners?: readonly string[];
}

/** An agent with a place of its own for everything: several may run at once. */
export class AgentUnderTest {
  readonly directory: string;
  readonly state: string;
  readonly config: string;
  readonly #pins: string;
  readonly #repository: string;
  #started: Started | undefined;

  /** @param repository by which path this repository is reached */
  constructor(repository = resolve(".")) {
    this.#repository = repository;
    this.directory = mkdtempSync(join(realpathSync(tmpdir()), "agent-"));
    this.state = join(this.directory, "state");
    this.config = join(this.directory, "config.yaml");
    this.#pins = `/sys/fs/bpf/${this.directory.split("/").at(-1)}`;
    for (const folder of ["runners", "hooks"]) mkdirSync(join(this.directory, folder));
  }

  /** What runners are told to run. */
  get hooks(): { readonly started: string; readonly completed: string } {
    const script = (hook: string) => join(this.directory, "hooks", `job-${hook}.sh`);
    return { started: script("started"), completed: script("completed") };
  }

  /** Starts it, and waits until it traces. @param settings more lines of the configuration */
  async start(settings = ""): Promise<void> {
    this.configure({ settings });
    const { directory, hooks } = this;
    const program = join(this.#repository, "native/build/hook");
    for (const [hook, script] of Object.entries(hooks)) {
      const text = `#!/bin/sh\nexec ${program} ${hook} ${join(directory, "run", "hook.sock")}\n`;
      writeFileSync(script, text, { mode: 0o755 });
    }
    await this.restart();
  }

  /** Writes its configuration. Other tests have runners too, which are not for this agent. */
  configure({ settings = "", fail_on = "high", runners = runnerNames }: AgentSettings): void {
    const { directory, state, config } = this;
    const roots = runners.map((name) => join(directory, "runners", name));
    writeFileSync(
      config,
      `state_directory: ${state}
runtime_directory: ${join(directory, "run")}
pin_directory: ${this.#pins}
runners: { scan_interval_s: 1, discover: false, roots: [${roots.join(", ")}] }
hooks: { directory: ${join(directory, "hooks")}, fail_on: ${fail_on} }
${settings}`,
    );
  }

  /** Tells it to read its configuration again. */
  reload(): void {
    this.#running().child.kill("SIGHUP");
  }

  /** Starts it again with what it had. */
  async restart(): Promise<void> {
    this.launch();
    await this.logged("The agent traces.");
  }

  /** Starts it again, and does not wait for anything. */
  launch(): void {
    const program = join(this.#repository, "installer/jobwarden");
    this.#started = start(["agent", "--config", this.config], { program });
  }

  /** What it has logged since its last start. */
  get log(): string {
    return this.#started?.text() ?? "";
  }

  async logged(text: string): Promise<void> {
    await this.#started?.printed(text);
  }

  async kill(): Promise<void> {
    const { child, ended } = this.#running();
    child.kill("SIGKILL");
    await ended;
  }

  /** Ends it as systemd does. @returns its exit code */
  async stop(): Promise<number | null> {
    const { child, ended } = this.#running();
    child.kill("SIGTERM");
    const { exit } = await ended;
    this.#started = undefined;
    return exit;
  }

  /** Takes its programs out of the kernel. */
  async unload(): Promise<void> {
    await jobwarden(["agent", "--unload", "--config", this.config]);
  }

  #running(): Started {
    if (!this.#started) throw new Error("the agent does not run");
    return this.#started;
  }

  rows<T>(sql: string): T[] {
    return rows<T>(this.state, sql);
  }

  /** Comes when a query gives what is wanted; fails after a while with what it gave. */
  async until<T>(sql: string, wanted: (rows: T[]) => boolean): Promise<T[]> {
    for (const end = performance.now() + patienceMs; ; await pause(lookEveryMs)) {
      const found = existsSync(join(this.state, "jobwarden.db")) ? this.rows<T>(sql) : [];
      if (wanted(found)) return found;
      if (performance.now() > end) {
        throw new Error(`${sql} gave ${JSON.stringify(found)}\n${this.log}`);
      }
    }
  }

  /** Comes when so many jobs have ended. */
  async ended(jobs: number): Promise<void> {
    const sql = "SELECT count(*) AS n FROM job WHERE state = 'ended'";
    await this.until<{ n: number }>(sql, ([row]) => row?.n === jobs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#started) await this.stop();
    await this.unload();
    rmSync(this.#pins, { recursive: true, force: true });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What a runner of a test may be called. */
const runnerNames = Array.from({ length: 8 }, (_, i) => `runner-${i + 1}`);
const patienceMs = 90_000;
const lookEveryMs = 20;

/** An agent that runs, and goes with the test. */
export async function anAgent(t: TestContext, settings = ""): Promise<AgentUnderTest> {
  const agent = new AgentUnderTest();
  t.after(() => agent[Symbol.asyncDispose]());
  await agent.start(settings);
  return agent;
}

export interface RunnerSettings {
  readonly hooks?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Comes when the agent follows it, unless told otherwise. */
  readonly wait?: boolean;
}

/** A runner that listens, which the agent follows; it goes with the test. */
export async function aRunner(
  t: TestContext,
  agent: AgentUnderTest,
  name = "runner-1",
  { hooks = true, env = {}, wait = true }: RunnerSettings = {},
): Promise<StandInRunner> {
  const root = join(agent.directory, "runners", name);
  const told = {
    ACTIONS_RUNNER_HOOK_JOB_STARTED: agent.hooks.started,
    ACTIONS_RUNNER_HOOK_JOB_COMPLETED: agent.hooks.completed,
  };
  const runner = new StandInRunner({ root, name, env: { ...(hooks ? told : {}), ...env } });
  t.after(() => runner.stop());
  runner.install();
  await runner.start();
  if (wait) await agent.logged(`"name":"${name}"`);
  return runner;
}

/** A workflow of the corpus. */
export const workflow = (name: string): string =>
  resolve("test/workflows/repository/.github/workflows", `${name}.yml`);
