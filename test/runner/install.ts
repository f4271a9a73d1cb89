import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Whose a runner is. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface Installation {
  readonly root: string;
  readonly name: string;
  readonly repository: string;
  /** Lines of `.env`. */
  readonly env: Readonly<Record<string, string>>;
  readonly owner?: Owner | undefined;
}

/** Lays out a runner's folder as `config.sh` leaves it. */
export function install({ root, name, repository, env, owner }: Installation): void {
  for (const folder of ["bin", "_diag", "_work", "truth", "standin/bin"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const node of ["node20", "node24"]) {
    mkdirSync(join(root, "externals", node, "bin"), { recursive: true });
    link(join(root, "externals", node, "bin", "node"));
  }
  for (const program of ["Runner.Listener", "Runner.Worker"]) link(join(root, "bin", program));
  programs(root);
  settings(root, name, repository, env);
  scripts(root);
  copyFileSync(ours("./mark"), join(root, "standin", "bin", "mark"));
  chmodSync(join(root, "standin", "bin", "mark"), executable);
  symlinkSync("/usr/bin/python3", join(root, "standin", "bin", "python"));
  if (owner) giveTo(root, owner);
}

const executable = 0o755;
/** It only has to look like a key. */
const keyBytes = 128;
const ours = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The program is this Node under another name; on another disk it has to be a copy. */
function link(path: string): void {
  try {
    linkSync(process.execPath, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    copyFileSync(process.execPath, path);
    chmodSync(path, executable);
  }
}

/**
 * `Runner.Worker spawnclient 3 4` is Node with the script `spawnclient`, which it looks for in its
 * working directory, with `.js` behind it. So the arguments are those of the real program.
 */
function programs(root: string): void {
  const shim = (path: string, name: string, word: string, program: string) => {
    const url = pathToFileURL(ours(program)).href;
    const code = `// Node calls its main thread MainThread; the name of the program comes back.
require("node:fs").writeFileSync("/proc/self/comm", "${name}");
import("${url}").then(({ main }) => main(["${word}", ...process.argv.slice(2)]));
`;
    writeFileSync(join(root, path), code);
  };
  shim("bin/spawnclient.js", "Runner.Worker", "spawnclient", "./worker/main.ts");
  shim("run.js", "Runner.Listener", "run", "./listener/main.ts");
  copyFileSync(ours("./runner_service.cjs"), join(root, "bin", "RunnerService.js"));
  for (const folder of [root, join(root, "bin")]) {
    writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  }
}

function settings(
  root: string,
  name: string,
  repository: string,
  env: Readonly<Record<string, string>>,
): void {
  const write = (file: string, text: string) => writeFileSync(join(root, file), text);
  const json = (value: unknown) => `\uFEFF${JSON.stringify(value, null, 2)}`;
  const gitHubUrl = `https://github.com/${repository}`;
  const serverUrl = "https://pipelines.invalid/";
  const agent = { agentId: 7, agentName: name, poolId: 1, poolName: "Default" };
  write(".runner", json({ ...agent, serverUrl, gitHubUrl, workFolder: "_work" }));
  write(
    ".credentials",
    json({ scheme: "OAuth", data: { clientId: "stand-in", authorizationUrl: serverUrl } }),
  );
  const parts = ["d", "dp", "dq", "exponent", "inverseQ", "modulus", "p", "q"];
  const key = parts.map((part) => [part, randomBytes(keyBytes).toString("base64")]);
  write(".credentials_rsaparams", json(Object.fromEntries(key)));
  chmodSync(join(root, ".credentials_rsaparams"), 0o600);
  write(".path", searchPath(root));
  write(
    ".env",
    `LANG=C.UTF-8\n${Object.entries(env)
      .map(([k, v]) => `${k}=${v}\n`)
      .join("")}`,
  );
  write(".service", `actions.runner.${repository.replace("/", "-")}.${name}.service`);
}

/** `mark` and `python` come first; the rest is what a service has. */
export const searchPath = (root: string): string =>
  `${join(root, "standin", "bin")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

function scripts(root: string): void {
  const script = (name: string, text: string) => {
    writeFileSync(join(root, name), `#!/bin/bash\n${text}`);
    chmodSync(join(root, name), executable);
  };
  script("run.sh", 'cd "$(dirname "$0")"\n./run-helper.sh "$@"\n');
  script("run-helper.sh", 'cd "$(dirname "$0")"\nbin/Runner.Listener run "$@"\n');
  script("runsvc.sh", runsvc);
}

/** Turns the signals of systemd into the ones that its child understands, as the original does. */
const runsvc = `cd "$(dirname "$0")"
if [ -f .path ]; then PATH=$(cat .path); export PATH; fi
trap 'kill -INT $PID' TERM INT
./externals/node20/bin/node ./bin/RunnerService.js &
PID=$!
wait $PID
trap - TERM INT
wait $PID
`;

function giveTo(root: string, { uid, gid }: Owner): void {
  chownSync(root, uid, gid);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    // The programs are links to one file that others use too.
    const linked = /^(Runner\.(Listener|Worker)|node|python)$/.test(entry.name);
    if (!linked) chownSync(join(entry.parentPath, entry.name), uid, gid);
  }
}
