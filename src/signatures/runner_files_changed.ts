import { defineSignature, type JobContext, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";

/*
 * What the runner is, and with which environment, is in files that its own user may write, and so
 * may every step. Nobody changes them during a job: an update of the runner is made by its Listener,
 * which belongs to no job, while no Worker lives.
 *
 * Where the runner is, the job's own Worker tells by the path of its exec, and so does the runner's
 * node, when a child of the Worker that the kernel knows as a step's executes it for an action. Other
 * runners of the host are recognised by the usual name of their directory.
 */
export const runnerFilesChanged = defineSignature({
  id: "JW-102",
  name: "runner_files_changed",
  title: "Runner's Own Files Changed",
  severity: "high",
  behaviours: ["ci_tampering"],
  attack: ["T1554", "T1574"],
  doc:
    "A process of the job writes, replaces or removes a file of the runner itself: its environment, " +
    "search path, credentials, programs, or the scripts that start it.",
  why:
    "The runner reads these files for every job that comes after this one, of any repository. Whoever " +
    "changes them runs code in those jobs, with their secrets, or takes the runner's identity.",
  benign: [
    "A workflow that maintains its own runner: it installs tools or sets variables for later jobs " +
      "in the runner's directory.",
    "A directory called actions-runner that holds something else, or is unpacked to build an image.",
  ],
  evade: [
    "Reach the files by another name: a bind mount, a hard link made before the job, a container " +
      "that sees them below another directory.",
    "Write through a descriptor that was opened before the tracing, or by a process that is not " +
      "followed.",
    "Change what the runner trusts outside of its directory: its home, the tool cache, actions.",
    "Another runner of the host whose directory has an unusual name is not recognised.",
    "When the agent was not there at the job's start, the job's own runner is recognised only by " +
      "the usual name of its directory.",
  ],
  events: [
    "process_exec",
    "file_open",
    "file_write",
    "file_rename",
    "file_link",
    "file_symlink",
    "file_unlink",
    "file_truncate",
  ],

  match(event, job) {
    switch (event.event) {
      case "process_exec":
        learn(event, job);
        return undefined;
      case "file_open":
        if (event.access === "read" && event.created === "no") return undefined;
        return judge(job, "opened for writing", event.path);
      case "file_write":
        return judge(job, "wrote", event.path);
      case "file_truncate":
        return judge(job, "cut", event.path);
      case "file_unlink":
        return judge(job, "removed", event.path);
      case "file_symlink":
        return judge(job, "made a link", event.path);
      case "file_link":
        return judge(job, "made a link", event.new_path);
      case "file_rename":
        return judge(job, "replaced", event.new_path) ?? judge(job, "renamed", event.path);
    }
  },

  examples: {
    fires: [
      [worker(), writes(2, "/srv/r/.env")],
      [worker(), writes(2, "/srv/r/.path")],
      [worker(), { ...renames(2, "/tmp/x", "/srv/r/.credentials_rsaparams") }],
      [worker(), renames(2, "/srv/r/bin", "/srv/r/bin.old")],
      [worker(), { event: "file_unlink", process_key: 2, path: "/srv/r/runsvc.sh" }],
      [worker(), { event: "file_symlink", process_key: 2, path: "/srv/r/externals", target: "/x" }],
      [worker(), { event: "file_truncate", process_key: 2, path: "/srv/r/run-helper.sh" }],
      [worker(), { event: "file_link", process_key: 2, path: "/x", new_path: "/srv/r/.runner" }],
      [
        worker("/srv/r/bin.2.336.0"),
        opens(2, "/srv/r/externals.2.336.0/node20/bin/node", "read_write"),
      ],
      // Another runner of the host, by the name of its directory.
      [worker(), opens(2, "/home/b/actions-runner-2/.env", "write")],
      // The agent came when the Worker was there, and an action of the Worker tells.
      [exec(2, "/srv/r/externals/node24/bin/node", 2), writes(3, "/srv/r/.env")],
    ],
    silent: [
      [worker(), opens(2, "/srv/r/.env", "read")],
      [worker(), writes(2, "/srv/r/_work/app/app/.env")],
      [worker(), writes(2, "/srv/r/_work/app/app/bin/run.sh")],
      [worker(), writes(2, "/srv/r/_work/_temp/1.sh")],
      [worker(), writes(1, "/srv/r/.runner")],
      [worker(), writes(2, "/srv/r/_diag/Worker.log")],
      [worker(), renames(2, "/srv/r/_work/a", "/srv/r/_work/b")],
      [exec(1, "/bin/sh"), writes(2, "/srv/r/.env")],
      // Only the node that the Worker itself starts tells where the runner is.
      [worker(), exec(3, "/src/externals/node20/bin/node", 2), writes(3, "/src/.env")],
      [exec(2, "/src/bin/Runner.Worker", 2), writes(3, "/src/.env")],
      [worker(), exec(3, "/src/bin/Runner.Worker", 2), writes(3, "/src/.env")],
    ],
  },
});

const isOwnProgram = /^(.*)\/bin(?:\.[\d.]+)?\/Runner\.(?:Worker|Listener)$/;
const isRunnersNode = /^(.*)\/externals(?:\.[\d.]+)?\/node\d+[^/]*\/bin\/node$/;

/** Where the runner is, by the first exec of the job and by those of the Worker's children. */
function learn(event: EventNamed<"process_exec">, { memory }: JobContext): void {
  const { path, process_key, step_key } = event;
  const isStep = step_key === process_key && step_key !== 0;
  const root = (isStep ? isRunnersNode : isOwnProgram).exec(path)?.[1];
  const isFirst = memory.get("own") === undefined && step_key === 0;
  if (isFirst) memory.set("own", process_key);
  if (root && (isFirst || isStep)) memory.set(`root ${root}`, 1);
}

/** Rejects nearly all paths: none of their names is one of the runner's files. */
const mayBeRunners =
  /\/(\.(env|path|service|runner|credentials)|(bin|externals)[./])|(\/(bin|externals)|\.sh(\.template)?)$/;
/** Each slash behind which the runner's directory may end. */
const ends =
  /\/(?=(\.(env|path|service|runner|credentials)|[^/]+\.sh(\.template)?$|(bin|externals)([./]|$)))/g;
const isRunners =
  /^(\.env|\.path|\.service|\.runner\w*|\.credentials\w*|[^/]+\.sh(\.template)?|(bin|externals)(\.[\d.]+)?(\/.*)?)$/s;
const isUsualRoot = /\/actions-runner[^/]*$/;

function judge({ memory, process }: JobContext, what: string, path: string) {
  if (!mayBeRunners.test(path) || process.process_key === memory.get("own")) return undefined;
  for (const { index: at } of path.matchAll(ends)) {
    const root = path.slice(0, at);
    if (memory.get(`root ${root}`) === undefined && !isUsualRoot.test(root)) continue;
    const file = path.slice(at + 1);
    if (!isRunners.test(file)) continue;
    return {
      message: `Process ${process.pid} ${what} ${path}, which is the runner's own.`,
      evidence: { path, runner: root, what },
      key: `${root} ${file.split("/", 1)[0]}`,
    };
  }
  return undefined;
}

function exec(process_key: number, path: string, step_key = 0): Samples {
  const parent_key = process_key - 1;
  return { event: "process_exec", process_key, parent_key, step_key, pid: 100, path };
}

function worker(folder = "/srv/r/bin"): Samples {
  return exec(1, `${folder}/Runner.Worker`);
}

function writes(process_key: number, path: string): Samples {
  return { event: "file_write", process_key, path };
}

function renames(process_key: number, path: string, new_path: string): Samples {
  return { event: "file_rename", process_key, path, new_path };
}

function opens(process_key: number, path: string, access: "read" | "write" | "read_write") {
  return { event: "file_open", process_key, path, access } as const;
}
