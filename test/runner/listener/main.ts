import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { dirname, join } from "node:path";
import { messageType, send } from "../channel.ts";
import { onLine, type Report, type Request, sendLine } from "../control.ts";
import type { JobMessage } from "../job_message.ts";
import { openPipe } from "../pipes.ts";
import { startTimeOf } from "../processes.ts";
import { results } from "../worker/job.ts";
import { TraceLog } from "../worker/trace_log.ts";
import { update } from "./update.ts";

/**
 * The program `Runner.Listener`: waits for jobs on a socket in its root instead of on GitHub, and
 * starts a Worker for each. `arguments_` is what follows the program's name:
 * `run [--startuptype service]`.
 */
export function main(arguments_: readonly string[]): void {
  if (arguments_[0] !== "run") process.exit(1);
  loadEnv();
  const listener = new Listener(process.cwd());
  listener.listen();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => listener.stop());
}

/** `.env` is read once; it overrides what is inherited, and an empty value removes. */
function loadEnv(): void {
  for (const line of readFileSync(".env", "utf8").split("\n")) {
    const equals = line.indexOf("=");
    if (equals <= 0) continue;
    const [name, value] = [line.slice(0, equals), line.slice(equals + 1)];
    if (value === "") delete process.env[name];
    else process.env[name] = value;
  }
}

class Listener {
  readonly #root: string;
  readonly #trace: TraceLog;
  readonly #server = createServer((client) => this.#welcome(client));
  #client: Socket | undefined;
  #toWorker: number | undefined;
  #stopping = false;
  #last: Promise<void> = Promise.resolve();

  constructor(root: string) {
    this.#root = root;
    this.#trace = new TraceLog(join(root, "_diag"), "Runner", (text) => text);
  }

  listen(): void {
    const path = join(this.#root, "standin", "control.sock");
    rmSync(path, { force: true });
    this.#server.listen(path, () => say("Listening for Jobs"));
  }

  /** Lets the Worker cancel its job, then ends. */
  stop(): void {
    if (this.#toWorker === undefined) process.exit(0);
    this.#stopping = true;
    tell(this.#toWorker, messageType.runnerShutdown, "");
  }

  #welcome(client: Socket): void {
    this.#client = client;
    onLine<Request>(client, (request) => this.#obey(request));
    // Whoever started us is gone.
    client.on("close", () => this.stop());
    client.on("error", () => this.stop());
    this.#tell({ is: "listening", pid: process.pid });
  }

  #obey(request: Request): void {
    if (request.do === "run") {
      // One job at a time: the next one waits for the Worker of the last.
      this.#last = this.#last.then(() => this.#run(request.message));
    }
    if (request.do === "stop") this.stop();
    if (request.do === "update") update(this.#root, request.version);
    if (request.do === "cancel" && this.#toWorker !== undefined) {
      tell(this.#toWorker, messageType.cancelRequest, "");
    }
  }

  /** Starts a Worker with its two pipes and sends it the job. */
  async #run(message: JobMessage): Promise<void> {
    const [out, back, stdout, stderr] = await Promise.all([
      openPipe(),
      openPipe(),
      openPipe(),
      openPipe(),
    ]);
    // After an update `bin` is a link; the runner knows itself by the folder behind it.
    const bin = dirname(realpathSync(process.execPath));
    const args = ["spawnclient", String(workerInput), String(workerInput + 1)];
    const worker = spawn(join(bin, "Runner.Worker"), args, {
      cwd: bin,
      stdio: ["ignore", stdout.write, stderr.write, out.read, back.write],
    });
    const pid = worker.pid ?? 0;
    const start_time = startTimeOf(pid) ?? 0;
    for (const end of [out.read, back.write, back.read, stdout.write, stderr.write]) closeSync(end);
    const printed = [stdout.read, stderr.read].map((end) => this.#pass(end));
    this.#trace.info(
      "JobDispatcher",
      `Send job request message to worker for job ${message.jobId}.`,
    );
    say(`Running job: ${message.jobDisplayName}`);
    this.#toWorker = out.write;
    const ended = once(worker, "exit") as Promise<[number | null, string | null]>;
    this.#tell({ is: "started", pid, start_time });
    tell(out.write, messageType.newJobRequest, JSON.stringify(message));
    const [exit, signal] = await ended;
    closeSync(out.write);
    this.#toWorker = undefined;
    for (const stream of printed) stream.destroy();
    say(`Job ${message.jobDisplayName} completed with result: ${resultOf(exit)}`);
    this.#tell({ is: "ended", exit, signal });
    if (this.#stopping) this.stop();
  }

  /** What a Worker prints is an accident: it goes to our own error output. */
  #pass(descriptor: number): Socket {
    const stream = new Socket({ fd: descriptor, readable: true, writable: false });
    stream.on("data", (piece) => process.stderr.write(piece));
    return stream;
  }

  #tell(report: Report): void {
    if (this.#client) sendLine(this.#client, report);
  }
}

/** Sends, unless the Worker has died: its end is told anyway. */
function tell(descriptor: number, type: number, text: string): void {
  try {
    send(descriptor, type, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}

const workerInput = 3;
const resultBase = 100;

const resultOf = (exit: number | null): string =>
  (exit === null ? undefined : results[exit - resultBase]) ?? "Failed";

function say(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(0, 19).replace("T", " ")}Z: ${text}\n`);
}
