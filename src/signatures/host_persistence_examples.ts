import type { Sequences } from "../engine/signature.ts";
import { started, wrote } from "./examples.ts";

const shell = started(1, "/usr/bin/dash", "build.sh");
const npm = started(2, "/usr/bin/node", "/usr/bin/npm", "install");
const script = {
  ...started(3, "/usr/bin/node", "install.js"),
  cwd: "/w/app/node_modules/x",
};

export const fires: Sequences = [
  [shell, wrote(1, "/etc/cron.d/x")],
  [shell, wrote(1, "/var/spool/cron/crontabs/runner")],
  [shell, wrote(1, "/etc/systemd/system/x.service")],
  [shell, wrote(1, "/home/a/.config/systemd/user/x.timer")],
  [shell, wrote(1, "/home/a/.ssh/authorized_keys")],
  [shell, { event: "file_rename", process_key: 1, path: "/tmp/x", new_path: "/etc/ld.so.preload" }],
  [shell, { event: "file_link", process_key: 1, path: "/tmp/x", new_path: "/etc/sudoers.d/x" }],
  [shell, { event: "file_symlink", process_key: 1, path: "/etc/rc.local", target: "/tmp/x" }],
  [shell, { event: "file_open", process_key: 1, path: "/etc/pam.d/sudo", access: "write" }],
  [shell, wrote(1, "/home/a/.bashrc")],
  [shell, wrote(1, "/usr/lib/python3/dist-packages/x.pth")],
  // A package manager that is not the system's.
  [shell, started(2, "/tmp/dpkg", "-i"), wrote(2, "/etc/cron.d/x")],
  [
    shell,
    started(2, "/usr/bin/apt-get", "update", "-o", "APT::Update::Pre-Invoke::=sh"),
    wrote(2, "/etc/cron.d/x"),
  ],
  // The script of a dependency.
  [shell, npm, script, wrote(3, "/home/a/.profile")],
  // Other mounts alone make no container.
  [shell, { ...started(2, "/usr/bin/dash"), mount_namespace: 5 }, wrote(2, "/etc/cron.d/x")],
  // An installer's line in the profile is less, and said.
  [shell, wrote(1, "/home/a/.x/bin/x"), wrote(1, "/home/a/.profile")],
];

export const silent: Sequences = [
  [shell, { event: "file_open", process_key: 1, path: "/etc/crontab", access: "read" }],
  [shell, wrote(1, "/w/app/src/main.c")],
  [shell, wrote(1, "/w/app/.config/x.json")],
  [shell, started(2, "/usr/bin/dpkg", "-i", "x.deb"), wrote(2, "/etc/cron.d/x")],
  // The script of a package.
  [
    shell,
    started(2, "/usr/bin/dpkg", "-i", "x.deb"),
    started(3, "/usr/bin/dash", "/var/lib/dpkg/info/x.postinst"),
    wrote(3, "/etc/systemd/system/x.service"),
  ],
  [shell, started(2, "/usr/bin/python3.9", "/usr/bin/dnf", "install"), wrote(2, "/etc/pam.d/x")],
  // In a container.
  [
    shell,
    { ...started(2, "/usr/bin/dash"), mount_namespace: 5, pid_namespace: 6 },
    wrote(2, "/etc/cron.d/x"),
  ],
  // A tree that becomes an image; a checkout of dotfiles; pip.
  [shell, wrote(1, "/w/rootfs/home/a/.ssh/authorized_keys")],
  [shell, started(2, "/usr/bin/git", "clone"), wrote(2, "/w/dotfiles/.bashrc")],
  [
    shell,
    started(2, "/w/venv/bin/python3", "-m", "pip", "install", "x"),
    wrote(2, "/w/venv/lib/python3.11/site-packages/x.pth"),
  ],
];
