import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Worker } from "node:worker_threads";
import { loadAddon } from "../native/index.ts";
import { JobwardenError } from "../src/base/errors.ts";
import type { AgentRequest } from "../src/cli/context.ts";
import { Containers } from "../src/jobs/containers.ts";
import type { FoundRunner } from "../src/jobs/runner.ts";
import { cgroupRoot } from "./cgroup.ts";
import { type Config, loadConfig } from "./config.ts";
import { ContainerWatch } from "./containers.ts";
import type { DaemonStart, FromPipeline, ToPipeline } from "./daemon_protocol.ts";
import { withoutDocker } from "./docker.ts";
import { HookRequests } from "./hook_requests.ts";
import { HookServer } from "./hook_server.ts";
import { type AgentLog, isJournal, makeLog } from "./log.ts";
import { removePins } from "./pinned_kernel.ts";
import { requireTraceable } from "./requirements.ts";
import { RunnerWatch } from "./runner_watch.ts";

const ms_per_s = 1000;
const bytes_per_mib = 2 ** 20;

/** Runs the agent until it is told to stop: see `Tracing.agent`. */
export async function runAgent({ config_path, unload }: AgentRequest): Promise<number> {
  requireTraceable();
  const config = loadConfig(config_path);
  if (unload) {
    removePins(startOf(config, []));
    return 0;
  }
  const log = makeLog({
    level: config.log.level,
    journal: isJournal(process.env["JOURNAL_STREAM"]),
  });
  return await new Agent(config_path, config, log).run();
}

/** The main thread: hooks, the search for runners, signals. What it waits for delays no event. */
class Agent {
  readonly #config_path: string;
  readonly #log: AgentLog;
  #config: Config;
  readonly #watch: RunnerWatch;
  readonly #ended = Promise.withResolvers<number>();
  readonly #hooks: HookRequests;
  readonly #containers = new ContainerWatch({
    containers: new Containers(),
    onChange: (record) => this.#post({ type: "container", record }),
  });
  #pipeline: Worker | undefined;
  #scan_timer: NodeJS.Timeout | undefined;

  constructor(config_path: string, config: Config, log: AgentLog) {
    this.#config_path = config_path;
    this.#config = config;
    this.#log = log;
    this.#watch = new RunnerWatch(placesOf(config));
    this.#hooks = new HookRequests((request) => this.#post(request));
  }

  async run(): Promise<number> {
    // Before the programs are touched: it refuses when another agent answers.
    const server = await HookServer.open({
      jobs: this.#hooks,
      peerOf: loadAddon().peerOf,
      path: join(this.#config.runtime_directory, "hook.sock"),
      onRefused: (peer, trouble) => this.#log.warn({ peer, trouble }, "A hook call was refused."),
      onTrouble: (error) => this.#log.error({ error }, "A hook call could not be answered."),
    });
    const off = this.#onSignals();
    try {
      this.#look();
      this.#pipeline = this.#startPipeline();
      return await this.#ended.promise;
    } finally {
      clearInterval(this.#scan_timer);
      off();
      await server.close();
    }
  }

  #startPipeline(): Worker {
    const worker = new Worker(new URL("./daemon_worker.ts", import.meta.url), {
      workerData: startOf(this.#config, this.#watch.runners),
    });
    worker.on("message", (message: FromPipeline) => this.#hear(message));
    worker.on("error", (error) => this.#ended.reject(error));
    worker.on("exit", () => {
      this.#ended.reject(new Error("the pipeline's thread ended by itself"));
    });
    return worker;
  }

  #hear(message: FromPipeline): void {
    switch (message.type) {
      case "ready":
        this.#ready(message);
        break;
      case "hook":
        this.#hooks.answer(message.id, message.answer);
        break;
      case "container":
        void this.#containers.take(message.notice);
        break;
      case "scan":
        this.#scan();
        break;
      case "log":
        this.#log[message.level](message.fields, message.message);
        break;
      case "stopped":
        this.#ended.resolve(0);
        break;
      case "failed":
        this.#ended.reject(new JobwardenError(message.code, message.message));
        break;
    }
  }

  #ready({ is_new, unseen }: FromPipeline & { type: "ready" }): void {
    const took_over = is_new ? "loaded" : "taken over";
    this.#log.info({ programs: took_over, unseen }, "The agent traces.");
    void this.#containers.reconcile();
    this.#scanOften();
  }

  #scanOften(): void {
    clearInterval(this.#scan_timer);
    const { scan_interval_s } = this.#config.runners;
    this.#scan_timer = setInterval(() => this.#scan(), scan_interval_s * ms_per_s);
  }

  #scan(): void {
    if (this.#look()) this.#post({ type: "runners", runners: this.#watch.runners });
  }

  /** @returns whether something is otherwise than before */
  #look(): boolean {
    const { added, removed, changed, problems } = this.#watch.scan();
    for (const { path, message } of problems) {
      this.#log.warn({ path, problem: message }, "A runner cannot be used.");
    }
    return added.length + removed.length + changed.length > 0;
  }

  #onSignals(): () => void {
    const stop = (): void => this.#post({ type: "stop" });
    const reload = (): void => this.#reload();
    process.on("SIGTERM", stop).on("SIGINT", stop).on("SIGHUP", reload);
    return () => void process.off("SIGTERM", stop).off("SIGINT", stop).off("SIGHUP", reload);
  }

  /** What cannot change while the agent runs waits for its next start, and that is said. */
  #reload(): void {
    let config: Config;
    try {
      config = loadConfig(this.#config_path);
    } catch (error) {
      if (!(error instanceof JobwardenError)) throw error;
      this.#log.error({ error: error.message }, "The configuration stays as it was.");
      return;
    }
    this.#take(config);
    this.#log.info(
      { after_restart: waitingIn(config, this.#config) },
      "The configuration was read again.",
    );
  }

  #take({ runners, hooks, log }: Config): void {
    const { directory } = this.#config.hooks;
    this.#config = { ...this.#config, runners, log, hooks: { ...hooks, directory } };
    this.#log.setLevel(log.level);
    this.#post({ type: "settings", fail_on: hooks.fail_on });
    this.#watch.lookIn(placesOf(this.#config));
    // Before the pipeline is ready there is nothing to scan for, and it starts the timer itself.
    if (!this.#scan_timer) return;
    this.#scan();
    this.#scanOften();
  }

  #post(message: ToPipeline): void {
    this.#pipeline?.postMessage(message);
  }
}

const placesOf = ({ runners: { roots, discover } }: Config) => ({ roots, discover });

/** Keys and sections that a running agent does not take over, and that are otherwise than it has them. */
function waitingIn(wanted: Config, own: Config): readonly string[] {
  const fixed = ({ rings, hooks, ...config }: Config) => {
    const { state_directory, runtime_directory, pin_directory, rules_directory } = config;
    const directories = { state_directory, runtime_directory, pin_directory, rules_directory };
    return { ...directories, rings, "hooks.directory": hooks.directory };
  };
  const here: Readonly<Record<string, unknown>> = fixed(own);
  return Object.entries(fixed(wanted))
    .filter(([key, value]) => !isDeepStrictEqual(value, here[key]))
    .map(([key]) => key);
}

function startOf(config: Config, runners: readonly FoundRunner[]): DaemonStart {
  const { state_directory, runtime_directory, pin_directory, rules_directory } = config;
  const { rings, hooks } = config;
  const ours = resolve(import.meta.dirname, "../installer/hooks");
  const scripts = existsSync(hooks.directory) ? hooks.directory : ours;
  return {
    ...{ state_directory, runtime_directory, pin_directory, rules_directory },
    cgroup_root: cgroupRoot(),
    ring_bytes: {
      jw_rare: rings.rare_mib * bytes_per_mib,
      jw_bulk: rings.bulk_mib * bytes_per_mib,
    },
    hook_scripts: {
      started: join(scripts, "job-started.sh"),
      completed: join(scripts, "job-completed.sh"),
    },
    fail_on: hooks.fail_on,
    leave_out: withoutDocker(),
    runners,
  };
}
