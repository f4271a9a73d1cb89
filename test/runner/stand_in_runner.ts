import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { onLine, type Report, type Request, sendLine } from "./control.ts";
import { install, type Owner, searchPath } from "./install.ts";
import { jobMessage } from "./job_message.ts";
import { type JobOptions, standInOf } from "./job_options.ts";
import { isRunning } from "./processes.ts";

export interface RunnerOptions {
  /** Folder that is made and filled. */
  readonly root: string;
  readonly name: string;
  /** Runs it under another user, who must be able to read this repository. */
  readonly owner?: Owner;
  /** Lines of `.env`. */
  readonly env?: Readonly<Record<string, string>>;
  /** `service` starts it as systemd does, through `runsvc.sh`. */
  readonly through?: "listener" | "service";
}

/** How a job ended. */
export interface JobOutcome {
  readonly worker_pid: number;
  readonly worker_start_time: number;
  /** 100 and the result; null when a signal ended the Worker, or nobody was left to see it. */
  readonly exit: number | null;
  readonly signal: string | null;
  /** `Succeeded`, `Failed`, `Canceled`; undefined when the Worker did not come to its end. */
  readonly result: string | undefined;
  /** File with what the steps printed. */
  readonly log: string;
  /** File of what is known about each process: see README.md. */
  readonly truth: string;
  /** What steps and hooks wrote to `GITHUB_STEP_SUMMARY`, in order. */
  readonly summary: string;
  readonly job_id: string;
}

/** A job that has been started. */
export interface RunningJob {
  readonly worker_pid: number;
  readonly worker_start_time: number;
  readonly log: string;
  readonly truth: string;
  readonly job_id: string;
  readonly outcome: Promise<JobOutcome>;
}

/** A fake self-hosted runner: real processes in a real folder, playing jobs of real workflows. */
export class StandInRunner {
  readonly root: string;
  readonly name: string;
  readonly #options: RunnerOptions;
  #process: ChildProcess | undefined;
  #socket: Socket | undefined;
  #listenerPid = 0;
  readonly #waiting: Waiting[] = [];

  constructor(options: RunnerOptions) {
    this.root = options.root;
    this.name = options.name;
    this.#options = options;
  }

  /** Pid of the Listener that runs. */
  get listenerPid(): number {
    return this.#listenerPid;
  }

  /** Makes the folder. */
  install(): void {
    const { root, name, owner, env = {} } = this.#options;
    install({ root, name, repository: "octo/hello", env, owner });
  }

  /** Starts the Listener and waits until it listens. */
  async start(): Promise<void> {
    const { root, owner, through = "listener" } = this.#options;
    const service = through === "service";
    const file = service ? "runsvc.sh" : join("bin", "Runner.Listener");
    const child = spawn(join(root, file), service ? [] : ["run"], {
      cwd: root,
      env: { HOME: root, USER: "runner", PATH: searchPath(root) },
      stdio: ["ignore", "pipe", "inherit"],
      ...owner,
    });
    this.#process = child;
    await this.#connect(child);
  }

  /**
   * Plays one job to its end.
   * @throws Error when the workflow has no such job
   */
  async runJob(options: JobOptions): Promise<JobOutcome> {
    const job = await this.startJob(options);
    return await job.outcome;
  }

  /** Starts one job; comes when its Worker is there. */
  async startJob(options: JobOptions): Promise<RunningJob> {
    const standIn = standInOf(options, this.root, this.name);
    mkdirSync(dirname(standIn.truth), { recursive: true });
    const { owner } = this.#options;
    for (const file of [standIn.truth, standIn.log]) {
      writeFileSync(file, "");
      if (owner) chownSync(file, owner.uid, owner.gid);
    }
    const { job_id, log, truth } = standIn;
    this.#ask({ do: "run", message: jobMessage(standIn) });
    const begun = this.#next("started");
    const { pid, start_time } = await begun;
    const common = { worker_pid: pid, worker_start_time: start_time, log, truth, job_id };
    return { ...common, outcome: this.#outcome(common) };
  }

  /** Cancels the job that runs, as the button on GitHub does. */
  cancel(): void {
    this.#ask({ do: "cancel" });
  }

  /** Lets the runner update itself between two jobs; comes when the new Listener listens. */
  async selfUpdate(version: string): Promise<void> {
    const done = join(this.root, "update.finished");
    rmSync(done, { force: true });
    const ended = new Promise((resolve) => this.#process?.once("exit", resolve));
    this.#ask({ do: "update", version });
    await ended;
    await until(() => existsSync(done));
    await this.start();
  }

  /** Kills the Listener at once; a Worker that runs gets another parent and goes on. */
  async killListener(): Promise<void> {
    const gone = new Promise((resolve) => this.#socket?.once("close", resolve));
    process.kill(this.#listenerPid, "SIGKILL");
    await gone;
  }

  /** Ends the Listener, and the job that it may have. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #connect(child: ChildProcess): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the Listener ended with ${code}`)));
      child.stdout?.on("data", (piece) => /Listening for Jobs/.test(String(piece)) && resolve());
    });
    const socket = connect(join(this.root, "standin", "control.sock"));
    this.#socket = socket;
    socket.on("error", () => {}); // a killed Listener; "close" follows
    socket.on("close", () => {
      for (const { lost } of this.#waiting.splice(0)) lost(new Error("the Listener is gone"));
    });
    const listening = this.#next("listening");
    onLine<Report>(socket, (report) => this.#got(report));
    this.#listenerPid = (await listening).pid;
  }

  #ask(request: Request): void {
    if (!this.#socket?.writable) throw new Error("the Listener does not run");
    sendLine(this.#socket, request);
  }

  #next<K extends Report["is"]>(is: K): Promise<Extract<Report, { is: K }>> {
    return new Promise((got, lost) => {
      this.#waiting.push({ is, got: got as (report: Report) => void, lost });
    });
  }

  #got(report: Report): void {
    const index = this.#waiting.findIndex(({ is }) => is === report.is);
    if (index >= 0) this.#waiting.splice(index, 1)[0]?.got(report);
  }

  async #outcome(job: Omit<RunningJob, "outcome">): Promise<JobOutcome> {
    // Nobody reports the end of a Worker whose Listener is gone.
    const ended = await this.#next("ended").catch(() => undefined);
    if (!ended) await until(() => !isRunning(job.worker_pid, job.worker_start_time));
    const last = lastLine(job.truth);
    return {
      ...job,
      exit: ended ? ended.exit : null,
      signal: ended ? ended.signal : null,
      result: last.result,
      summary: (last.summaries ?? []).map(({ text }) => text).join("\n"),
    };
  }
}

interface Waiting {
  readonly is: Report["is"];
  readonly got: (report: Report) => void;
  readonly lost: (error: Error) => void;
}

interface LastLine {
  readonly result?: string;
  readonly summaries?: readonly { readonly text: string }[];
}

function lastLine(truth: string): LastLine {
  const lines = readFileSync(truth, "utf8").trimEnd().split("\n");
  const result = lines.filter((line) => line.startsWith('{"type":"result"')).at(-1);
  return result === undefined ? {} : (JSON.parse(result) as LastLine);
}

const pauseMs = 5;

/** For what sends no event. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
