import type { Samples, Sequences } from "../engine/signature.ts";

const regular = 0o100600;

const exec = (process_key: number, path: string, ...args: string[]): Samples => ({
  ...{ event: "process_exec", process_key, parent_key: process_key - 1, pid: 100 + process_key },
  ...{ path, args: [path, ...args], cwd: "/w/app", inode: 500 + process_key, device: 7 },
});

const opens = (process_key: number, path: string, more: Partial<Opened> = {}): Samples => ({
  ...{ event: "file_open", process_key, path, mode: regular, access: "read" },
  ...{ inode: 9, device: 8, ...more },
});
type Opened = Extract<Samples, { event: "file_open" }>;

const start = exec(1, "/bin/bash", "build.sh");
const key = "/home/ci/.ssh/id_ed25519";
const created = { created: "yes", access: "write" } as const;

export const fires: Sequences = [
  [start, exec(2, "/usr/bin/cat", key), opens(2, key)],
  [start, exec(2, "/usr/bin/python3.11", "-c", "x"), opens(2, "/home/ci/.aws/credentials")],
  [start, exec(2, "/usr/bin/head", "x"), opens(2, "/etc/shadow")],
  [start, exec(2, "/usr/bin/cat"), opens(2, "/srv/actions-runner/.credentials_rsaparams")],
  [start, exec(2, "/usr/bin/cat"), opens(2, "/srv/actions-runner/.credentials")],
  [exec(1, "/srv/r/bin/Runner.Worker"), exec(2, "/usr/bin/cat"), opens(2, "/srv/r/.credentials")],
  // A tool that owns another store.
  [start, exec(2, "/usr/bin/git", "diff", "--no-index", "/dev/null", key), opens(2, key)],
  [start, exec(2, "/usr/bin/node", "/w/app/postinstall.js"), opens(2, "/home/ci/.npmrc")],
  [start, exec(2, "/usr/bin/python3", "-c", "x", "/usr/bin/pip"), opens(2, "/home/ci/.pypirc")],
  [start, exec(2, "/usr/bin/perl", "x.pl"), opens(2, "/etc/shadow")],
  // A copy of cat that is called ssh.
  [
    start,
    opens(1, "/w/app/ssh", { ...created, inode: 502, device: 7 }),
    exec(2, "/w/app/ssh", key),
    opens(2, key),
  ],
  // A hard link, and a read through a name that says nothing.
  [
    start,
    exec(2, "/usr/bin/ln"),
    { event: "file_link", process_key: 2, path: key, new_path: "/w/x" },
  ],
  [
    ...[start, exec(2, "/usr/bin/ssh"), opens(2, key), exec(3, "/usr/bin/cat")],
    opens(3, "/mnt/notes.txt"),
  ],
  // What was there before the job is not made by it, though it replaces it.
  [
    ...[start, exec(2, "/usr/bin/npm"), opens(2, "/home/ci/.npmrc")],
    { event: "file_rename", process_key: 2, path: "/home/ci/.npm-1", new_path: "/home/ci/.npmrc" },
    ...[exec(3, "/usr/bin/cat"), opens(3, "/home/ci/.npmrc")],
  ],
  // A job that works in a home directory, as what else is there tells.
  [
    ...[start, exec(2, "/usr/bin/ssh"), opens(2, "/w/app/.ssh/id_rsa")],
    ...[exec(3, "/usr/bin/node", "x.js"), opens(3, "/w/app/.npmrc")],
  ],
  [start, exec(2, "/usr/bin/cat", ".git/config"), opens(2, "/w/app/.git/config")],
];

export const silent: Sequences = [
  [start, exec(2, "/usr/bin/ssh-keygen", "-y", "-f", key), opens(2, key)],
  [start, exec(2, "/usr/bin/git", "push"), opens(2, "/home/ci/.git-credentials")],
  [
    start,
    exec(2, "/usr/bin/node", "/usr/lib/node_modules/npm/bin/npm-cli.js", "ci"),
    opens(2, "/home/ci/.npmrc"),
  ],
  [
    start,
    exec(2, "/usr/bin/python3", "/usr/local/bin/aws", "s3"),
    opens(2, "/root/.aws/credentials"),
  ],
  [start, exec(2, "/usr/bin/cat"), opens(2, "/home/ci/.ssh/known_hosts")],
  [start, exec(2, "/usr/bin/ls"), opens(2, key, { mode: 0o040700 })],
  [start, exec(2, "/usr/bin/cat"), opens(2, key, { access: "none" })],
  [start, exec(2, "/usr/bin/su"), opens(2, "/etc/shadow")],
  // The project's own files.
  [start, exec(2, "/usr/bin/grep", "-r", "x", "."), opens(2, "/w/app/test/fixtures/.ssh/id_rsa")],
  [start, exec(2, "/usr/bin/grep", "-r", "x", "."), opens(2, "/w/app/pkg/.npmrc")],
  [start, exec(2, "/usr/bin/node", "x.js"), opens(2, "/w/app/.npmrc")],
  [start, exec(2, "/usr/bin/node", "server.js"), opens(2, "/w/app/.env")],
  [start, exec(2, "/usr/bin/tar", "cf", "x", "."), opens(2, "/w/app/.git/config")],
  // The number of a secret that is gone now names a new file.
  [
    ...[start, exec(2, "/usr/bin/ssh"), opens(2, key), exec(3, "/usr/bin/cat")],
    opens(3, "/w/new", { created: "yes", access: "read_write" }),
    opens(3, "/w/new"),
  ],
];
