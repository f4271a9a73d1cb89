import type { Sequences } from "../engine/signature.ts";
import { renamed, started, wrote } from "./examples.ts";

const shell = started(1, "/usr/bin/dash", "build.sh");
const npm = started(2, "/usr/bin/node", "/usr/bin/npm", "ci");
const script = { ...started(3, "/usr/bin/node", "install.js"), cwd: "/w/node_modules/x" };
const git = started(2, "/usr/bin/git", "checkout");

export const fires: Sequences = [
  [shell, wrote(1, "/w/.git/hooks/pre-commit")],
  [shell, renamed(1, "/tmp/x", "/w/.git/modules/a/hooks/post-checkout")],
  [shell, { event: "file_symlink", process_key: 1, path: "/w/.git/hooks", target: "/tmp/h" }],
  [shell, wrote(1, "/w/.git/config")],
  [shell, wrote(1, "/w/.github/workflows/ci.yml")],
  [shell, git, wrote(2, "/r/.git/HEAD.lock"), wrote(1, "/r/.claude/settings.json")],
  [
    shell,
    started(2, "/usr/bin/cp", "x", ".github/workflows/x.yml"),
    wrote(2, "/w/.github/workflows/x.yml"),
  ],
  [shell, npm, script, wrote(3, "/w/.vscode/tasks.json")],
  [shell, npm, script, wrote(3, "/elsewhere/.github/workflows/x.yml")],
  [shell, started(2, "/usr/bin/git", "config", "core.hooksPath", "/tmp/h")],
  [shell, started(2, "/usr/bin/git", "config", "--global", "core.fsmonitor", "sh x")],
  // A manager of hooks is less, and said.
  [
    shell,
    started(2, "/usr/bin/node", "/w/node_modules/husky/bin.js"),
    wrote(2, "/w/.git/hooks/pre-push"),
  ],
];

export const silent: Sequences = [
  [shell, wrote(1, "/w/.git/hooks/pre-commit.sample")],
  [shell, wrote(1, "/w/.git/objects/ab/cdef")],
  [shell, git, wrote(2, "/w/.git/hooks/pre-commit")],
  [shell, git, renamed(2, "/w/.git/config.lock", "/w/.git/config")],
  [shell, git, wrote(2, "/w/.github/workflows/ci.yml")],
  [shell, wrote(1, "/tmp/generated/.github/workflows/ci.yml")],
  [shell, wrote(1, "/w/node_modules/x/.github/workflows/ci.yml")],
  [shell, started(2, "/usr/bin/tar", "-xf", "x.tgz"), wrote(2, "/w/.github/workflows/ci.yml")],
  [shell, npm, script, wrote(3, "/w/node_modules/x/.vscode/settings.json")],
  [shell, started(2, "/usr/bin/git", "config", "core.hooksPath", ".husky")],
  [shell, started(2, "/usr/bin/git", "config", "core.fsmonitor", "true")],
  [shell, started(2, "/usr/bin/git", "config", "--global", "user.name", "x")],
];
