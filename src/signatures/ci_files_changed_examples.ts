import type { Samples, Sequences } from "../engine/signature.ts";
import { created, removed, renamed, started, wrote } from "./examples.ts";

const shell = started(1, "/usr/bin/dash", "build.sh");
const work = "/r/_work";
const env = `${work}/_temp/_runner_file_commands/set_env_1`;
const action = `${work}/_actions/a/b/v1/dist/index.js`;
const node = `${work}/_tool/node/20.1.0/x64/bin/node`;
const script = `${work}/_temp/0a1b2c3d-0000-1111-2222-333344445555.sh`;
const worker = started(1, "/r/bin/Runner.Worker");
const step = (process_key: number): Samples => ({
  ...started(process_key, "/usr/bin/bash", "-e", script),
  ...{ parent_key: 1, step_key: process_key },
});
const npm = started(2, "/usr/bin/node", "/usr/bin/npm", "ci");
const install = { ...started(3, "/usr/bin/node", "install.js"), cwd: "/w/node_modules/x" };

export const fires: Sequences = [
  [shell, wrote(1, action)],
  [shell, renamed(1, "/tmp/x", action)],
  [shell, removed(1, action), created(1, action)],
  [shell, wrote(1, node)],
  [shell, wrote(1, script)],
  [worker, step(2), wrote(2, action)],
  [shell, npm, install, wrote(3, env)],
  [worker, step(2), step(3), wrote(2, env)],
  [shell, renamed(1, "/tmp/x", env)],
  [shell, started(2, "/usr/bin/bash", "-c", "echo BASH_ENV=/tmp/x >>$GITHUB_ENV")],
  [shell, started(2, "/bin/sh", "-c", "echo NODE_OPTIONS=--require=/tmp/x >>$GITHUB_ENV")],
];

export const silent: Sequences = [
  [shell, wrote(1, env)],
  [worker, step(2), step(3), wrote(3, env)],
  [worker, wrote(1, action), wrote(1, script)],
  [shell, created(1, action), wrote(1, action)],
  [shell, created(1, script), wrote(1, script)],
  [shell, wrote(1, `${work}/_tool/Python/3.12/x64/lib/python3.12/__pycache__/x.pyc`)],
  [shell, started(2, node, `${work}/_tool/node/20.1.0/x64/bin/npm`, "i"), wrote(2, node)],
  [shell, renamed(1, `${action}.tmp`, action)],
  [shell, wrote(1, "/w/src/_temp/x.sh")],
  [shell, started(2, "/bin/sh", "-c", "echo NODE_OPTIONS=--max-old-space-size=4096 >>$GITHUB_ENV")],
  [shell, started(2, "/bin/sh", "-c", "echo LD_PRELOAD=/usr/lib/libjemalloc.so >>$GITHUB_ENV")],
];
