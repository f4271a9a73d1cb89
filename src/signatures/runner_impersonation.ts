import { defineSignature, type JobContext, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";

/*
 * A job of a runner begins with the exec of its Worker, which is the first of the job's events. Any
 * other exec of a runner's program within the job is a second runner: one that takes jobs of its own
 * on this host, with everything that this host may reach, or one that wants to be taken for the
 * real one by whoever looks for its name.
 */
export const runnerImpersonation = defineSignature({
  id: "JW-101",
  name: "runner_impersonation",
  title: "A Runner Within a Job",
  severity: "high",
  behaviours: ["job_escape", "masquerade"],
  attack: ["T1036.005", "T1219"],
  doc: "A process of the job executes a program of GitHub's runner that is not the job's own Worker.",
  why:
    "A second runner on this host takes commands from whoever registered it, outlives the job, and " +
    "runs with the host's network and caches. Worms use it as a back door. Programs that only have " +
    "the name deceive tools which look for the runner by it.",
  benign: [
    "The build and the tests of the runner itself, of its images, and of tools that imitate it.",
    "A job that installs runners on purpose; it does so on other hosts as a rule.",
  ],
  evade: [
    "Give the program another name: it is recognised by the executed file's name, and a script by " +
      "its name and arguments.",
    "Load the runner's code into another .NET host whose arguments do not name it.",
    "Start it outside of the job, by a service or a container that is not followed: such an edge is " +
      "recorded.",
    "In a job that is not a runner's, such as that of `jobwarden run`, the first program may be one.",
  ],
  events: ["process_exec"],

  match(event, job) {
    const isOwn = isWorker(event, job);
    const name = runnerProgram(event);
    if (name === undefined || isOwn) return undefined;
    const { path, called_as, pid } = event;
    return {
      message: `Process ${pid} executed ${name}, which is not the job's own runner: ${path}.`,
      evidence: { name, path, called_as, pid },
      key: `${name} ${path}`,
    };
  },

  examples: {
    fires: [
      [worker(), exec(2, "/home/ci/.dev/bin/Runner.Listener", ["Runner.Listener", "run"])],
      [worker(), exec(2, "/tmp/Runner.Worker")],
      // The Worker replaces its program by none.
      [worker(), exec(1, "/tmp/Runner.Worker")],
      [worker(), exec(2, "/usr/bin/dotnet", ["dotnet", "/tmp/bin/Runner.Listener.dll", "run"])],
      [worker(), script(2, "./config.sh", "--url", "https://github.com/a/b", "--token", "x")],
      [worker(), script(2, "/tmp/r/run.sh", "--jitconfig", "x")],
      [exec(1, "/bin/sh"), exec(2, "/tmp/Runner.Worker")],
      // The agent came when the Worker was there: a step's program is never the Worker.
      [{ ...exec(2, "/tmp/Runner.Worker"), step_key: 2 } as Samples],
    ],
    silent: [
      [worker()],
      [exec(1, "/srv/runner/bin.2.336.0/Runner.Worker")],
      [worker(), script(2, "./run.sh", "--fast")],
      [worker(), script(2, "./config.sh", "--url", "https://example.org")],
      [worker(), exec(2, "/bin/grep", ["grep", "Runner.Worker", "log"])],
      [worker(), exec(2, "/usr/bin/dotnet", ["dotnet", "test", "Runner.Worker.dll.Tests"])],
    ],
  },
});

/** The Worker's exec is the first of the job, and no step's. */
function isWorker(event: EventNamed<"process_exec">, { memory, process }: JobContext): boolean {
  const { process_key, step_key } = event;
  const first = memory.get("first");
  if (first === undefined) memory.set("first", process_key);
  return step_key === 0 && (first ?? process_key) === process_key && process.execs === 1;
}

const isRunner = /^Runner\.(Worker|Listener)$/;
const isRunnerCode = /(^|\/)Runner\.(Worker|Listener)\.dll$/;

/** The name of the runner's program that was executed, if it was one. */
function runnerProgram({ path, called_as, args }: EventNamed<"process_exec">): string | undefined {
  const name = baseName(path);
  if (isRunner.test(name)) return name;
  if (name === "dotnet") {
    const code = args.find((arg) => isRunnerCode.test(arg));
    return code && baseName(code);
  }
  const script = baseName(called_as);
  if (script !== "config.sh" && script !== "run.sh") return undefined;
  return registers(args) ? script : undefined;
}

/** Such scripts are everywhere; only the runner's take these options. */
const registers = (args: readonly string[]): boolean =>
  args.includes("--jitconfig") ||
  (args.includes("--url") && (args.includes("--token") || args.includes("--pat")));

function exec(process_key: number, path: string, args: readonly string[] = [path]): Samples {
  const parent_key = process_key - 1;
  return { event: "process_exec", process_key, parent_key, pid: 100, path, called_as: path, args };
}

function worker(): Samples {
  return exec(1, "/srv/runner/bin/Runner.Worker", ["Runner.Worker", "spawnclient", "1", "2"]);
}

function script(process_key: number, called_as: string, ...args: readonly string[]): Samples {
  const path = "/usr/bin/bash";
  return {
    ...{ event: "process_exec", process_key, parent_key: process_key - 1, pid: 100, path },
    ...{ called_as, args: ["bash", called_as, ...args] },
  };
}
