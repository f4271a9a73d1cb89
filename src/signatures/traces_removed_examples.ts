import type { Samples, Sequences } from "../engine/signature.ts";
import { created, removed, renamed, started } from "./examples.ts";

const shell = started(1, "/usr/bin/dash", "build.sh");
const npm = started(2, "/usr/bin/node", "/usr/bin/npm", "ci");
const opened = (process_key: number, path: string, open_flags = 0): Samples => ({
  ...{ event: "file_open", process_key, path, open_flags },
  access: "write",
});
const install = { ...started(3, "/usr/bin/node", "install.js"), cwd: "/w/node_modules/x" };

export const fires: Sequences = [
  [shell, removed(1, "/home/a/.bash_history")],
  [shell, { event: "file_truncate", process_key: 1, path: "/var/log/wtmp" }],
  [shell, opened(1, "/var/log/auth.log")],
  [shell, renamed(1, "/tmp/x", "/var/log/btmp")],
  [shell, removed(1, "/r/_diag/Worker_20260101-000000-utc.log")],
  [
    shell,
    { event: "file_symlink", process_key: 1, path: "/root/.zsh_history", target: "/dev/null" },
  ],
  // The script that runs, by itself or by a child; a program.
  [shell, started(2, "/usr/bin/rm", "build.sh"), removed(2, "/w/build.sh")],
  [shell, started(2, "/tmp/x"), removed(2, "/tmp/x")],
  [shell, { ...started(2, "/usr/bin/bash", "./x.sh"), called_as: "./x.sh" }, removed(2, "/w/x.sh")],
  [shell, npm, install, removed(3, "/w/node_modules/x/install.js")],
];

export const silent: Sequences = [
  [shell, removed(1, "/w/build/x.o")],
  [shell, removed(1, "/var/log/apt/history.log")],
  [shell, opened(1, "/var/log/auth.log", 0o2000)],
  [started(1, "/usr/bin/bash", "-i"), opened(1, "/home/a/.bash_history")],
  [shell, started(2, "/usr/sbin/logrotate"), renamed(2, "/var/log/syslog", "/var/log/syslog.1")],
  [shell, created(1, "/w/.bash_history"), removed(1, "/w/.bash_history")],
  // A program that has ended, and one that is not above.
  [shell, started(2, "/tmp/x"), { event: "process_exit", process_key: 2 }, removed(1, "/tmp/x")],
  [shell, started(2, "/tmp/x"), removed(1, "/tmp/x")],
  [shell, npm, removed(2, "/usr/lib/node_modules/npm/x.js")],
];
