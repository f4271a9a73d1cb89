import type { Sequences } from "../engine/signature.ts";
import { renamed, started, wrote } from "./examples.ts";

const shell = started(1, "/usr/bin/dash", "build.sh");
const npm = started(2, "/usr/bin/node", "/usr/bin/npm", "ci");
const script = { ...started(3, "/usr/bin/node", "install.js"), cwd: "/w/node_modules/x" };
const wrapper = { ...started(2, "/usr/bin/dash", "/w/x/gcc"), called_as: "/w/x/gcc" };

export const fires: Sequences = [
  [shell, wrote(1, "/usr/local/bin/gcc")],
  [shell, renamed(1, "/tmp/x", "/home/a/.local/bin/git")],
  [shell, { event: "file_symlink", process_key: 1, path: "/usr/local/bin/ld", target: "/tmp/x" }],
  [shell, { event: "file_link", process_key: 1, path: "/tmp/x", new_path: "/usr/local/bin/npm" }],
  [shell, wrote(1, "/usr/bin/git")],
  [shell, npm, script, wrote(3, "/home/a/bin/node")],
  // A wrapper, wherever it lies: as a child, and in its own place.
  [shell, wrote(1, "/w/x/gcc"), wrapper, started(3, "/usr/bin/gcc")],
  [shell, wrote(1, "/w/x/gcc"), wrapper, started(2, "/usr/bin/gcc")],
];

export const silent: Sequences = [
  [shell, wrote(1, "/usr/local/bin/my-tool")],
  [shell, wrote(1, "/w/venv/bin/python")],
  [shell, started(2, "/usr/bin/dpkg", "-i"), wrote(2, "/usr/bin/gcc")],
  [
    shell,
    started(2, "/usr/bin/python3", "-m", "pip", "install"),
    wrote(2, "/root/.local/bin/cmake"),
  ],
  [
    shell,
    {
      event: "file_symlink",
      process_key: 1,
      path: "/usr/local/bin/gcc",
      target: "/usr/bin/ccache",
    },
  ],
  [
    shell,
    {
      event: "file_symlink",
      process_key: 1,
      path: "/usr/local/bin/python",
      target: "/usr/bin/python3",
    },
  ],
  [shell, started(2, "/usr/bin/tar", "-xf", "node.tar.xz"), wrote(2, "/usr/local/bin/node")],
  [
    shell,
    started(2, "/usr/bin/make", "install"),
    started(3, "/usr/bin/install"),
    wrote(3, "/usr/local/bin/git"),
  ],
  // A stand-in for tests, which does not start the real one; and the real one by itself.
  [
    shell,
    wrote(1, "/w/x/git"),
    { ...started(2, "/usr/bin/dash", "/w/x/git"), called_as: "/w/x/git" },
  ],
  [shell, wrote(1, "/w/x/gcc"), started(2, "/usr/bin/gcc")],
];
