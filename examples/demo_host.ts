import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type JobOutcome, StandInRunner } from "../test/runner/stand_in_runner.ts";

const root = resolve(import.meta.dirname, "..");
const jobwarden = join(root, "installer", "jobwarden");
const commandTimeoutMs = 60_000;
const startTimeoutMs = 30_000;
const lookEveryMs = 50;

/** A host with a runner and an agent beside it, all in one directory. */
export class DemoHost {
  readonly state: string;
  readonly #directory: string;
  readonly #config: string;
  readonly #runner: StandInRunner;
  #agent: ChildProcess | undefined;
  #log = "";

  /** @param env what the runner's `.env` gives to its jobs */
  constructor(directory: string, env: Readonly<Record<string, string>>) {
    this.#directory = directory;
    this.state = join(directory, "state");
    this.#config = join(directory, "config.yaml");
    const hooks = join(directory, "hooks");
    this.#runner = new StandInRunner({
      root: join(directory, "runner"),
      name: "demo-runner",
      env: {
        ...env,
        ACTIONS_RUNNER_HOOK_JOB_STARTED: join(hooks, "job-started.sh"),
        ACTIONS_RUNNER_HOOK_JOB_COMPLETED: join(hooks, "job-completed.sh"),
      },
    });
  }

  /** Lays everything out, and starts the runner and the agent. @throws Error why it does not run */
  async start(): Promise<void> {
    const directory = this.#directory;
    this.#writeHooks();
    this.#runner.install();
    writeFileSync(
      this.#config,
      `state_directory: ${this.state}
runtime_directory: ${join(directory, "run")}
pin_directory: /sys/fs/bpf/jobwarden-demo
runners: { discover: false, roots: [${this.#runner.root}] }
hooks: { directory: ${join(directory, "hooks")} }
`,
    );
    this.jobwarden("agent", "--unload", "--config", this.#config);
    const agent = spawn(jobwarden, ["agent", "--config", this.#config], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#agent = agent;
    agent.stdout.on("data", (text) => (this.#log += text));
    agent.stderr.on("data", (text) => (this.#log += text));
    await this.#said("The agent traces.");
    await this.#runner.start();
  }

  /** Plays one job. @param onLog called with what the job's log gets, as it gets it */
  async play(workflow: string, job: string, onLog: (text: string) => void): Promise<JobOutcome> {
    const actions = join(root, "test", "workflows", "actions");
    const running = await this.#runner.startJob({ workflow, job, actions });
    let shown = 0;
    const show = (): void => {
      const text = readFileSync(running.log, "utf8");
      onLog(text.slice(shown));
      shown = text.length;
    };
    const timer = setInterval(show, lookEveryMs);
    try {
      return await running.outcome;
    } finally {
      clearInterval(timer);
      show();
    }
  }

  /** Comes when the agent has stored the end of so many jobs. */
  async ended(jobs: number): Promise<void> {
    for (const end = performance.now() + startTimeoutMs; performance.now() < end; ) {
      const { out } = this.jobwarden("jobs", "--json", "--state", this.state);
      const states = out.split("\n").filter((line) => line.includes('"state":"ended"'));
      if (states.length >= jobs) return;
      await pause(lookEveryMs);
    }
    throw new Error(`the agent has not stored the end of job ${jobs}: ${this.#log}`);
  }

  /** Runs a command of jobwarden to its end. */
  jobwarden(...args: string[]): { readonly exit: number | null; readonly out: string } {
    const { status, stdout, stderr } = spawnSync(jobwarden, args, {
      encoding: "utf8",
      timeout: commandTimeoutMs,
    });
    return { exit: status, out: stdout + stderr };
  }

  /** Ends runner and agent, and takes the agent's programs out of the kernel. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runner.stop();
    if (this.#agent && this.#agent.exitCode === null) {
      this.#agent.kill("SIGTERM");
      await once(this.#agent, "exit");
    }
    this.jobwarden("agent", "--unload", "--config", this.#config);
  }

  /** The same scripts as an installation has, for an agent with another socket. */
  #writeHooks(): void {
    mkdirSync(join(this.#directory, "hooks"), { recursive: true });
    const program = join(root, "native", "build", "hook");
    for (const hook of ["started", "completed"]) {
      const script = join(this.#directory, "hooks", `job-${hook}.sh`);
      const socket = join(this.#directory, "run", "hook.sock");
      writeFileSync(script, `#!/bin/sh\nexec ${program} ${hook} ${socket}\n`, { mode: 0o755 });
    }
  }

  async #said(text: string): Promise<void> {
    for (const end = performance.now() + startTimeoutMs; performance.now() < end; ) {
      if (this.#log.includes(text)) return;
      if (this.#agent?.exitCode !== null) break;
      await pause(lookEveryMs);
    }
    throw new Error(`the agent has not started: ${this.#log}`);
  }
}
