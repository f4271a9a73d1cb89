import type { Samples, Sequences } from "../engine/signature.ts";

const exec = (process_key: number, path: string, more: object = {}): Samples => ({
  ...{ event: "process_exec", process_key, parent_key: 1, path, links: 1, inode: process_key },
  ...more,
});
const write = (process_key: number, path: string): Samples => ({
  ...{ event: "file_write", process_key, path, inode: 99 },
});
const run = (path: string, more: object = {}): Samples => exec(9, path, { inode: 99, ...more });
const connect = (process_key: number): Samples => ({
  ...{ event: "socket_connect", process_key, family: "inet", type: "stream" },
  peer: "192.0.2.1:80",
});
const npm = exec(1, "/usr/bin/node", { args: ["node", "/usr/bin/npm", "ci"] });
const hook = exec(2, "/usr/bin/dash", { args: ["sh", "-c", "node x.js"], parent_key: 1 });
const curl = exec(3, "/usr/bin/curl", { args: ["curl", "-o", "x"] });
const python = exec(3, "/usr/bin/python3.11", { args: ["python3", "x.py"] });

/** Sequences whose last event fires. */
export const fires: Sequences = [
  [curl, write(3, "/tmp/x"), run("/tmp/x")],
  [curl, write(3, "/home/ci/kubectl"), run("/usr/local/bin/kubectl")],
  [python, connect(3), write(3, "/dev/shm/x"), run("/dev/shm/x")],
  [python, write(3, "/tmp/x"), run("/tmp/x")],
  [python, write(3, "/tmp/.x/y"), run("/tmp/.x/y")],
  // Fetched, then copied: the copy has another inode.
  [
    curl,
    { event: "file_write", process_key: 3, path: "/tmp/a", inode: 50 },
    exec(4, "/usr/bin/cp", { args: ["cp", "/tmp/a", "/tmp/b"] }),
    { event: "file_open", process_key: 4, path: "/tmp/a", inode: 50, access: "read" },
    write(4, "/tmp/b"),
    run("/tmp/b"),
  ],
  [
    exec(3, "/usr/bin/base64", { args: ["base64", "-d"] }),
    write(3, "/home/ci/app/x"),
    run("/home/ci/app/x"),
  ],
  // A second runtime, unpacked by the hook of a package.
  [
    npm,
    hook,
    exec(3, "/usr/bin/unzip", { parent_key: 2 }),
    write(3, "/home/ci/.bun/bin/bun"),
    run("/home/ci/app/bun", { parent_key: 2 }),
  ],
  // The script of an interpreter is what that opens by the name it was given.
  [
    curl,
    write(3, "/tmp/x.sh"),
    exec(9, "/usr/bin/dash", { args: ["sh", "/tmp/x.sh"] }),
    { event: "file_open", process_key: 9, path: "/tmp/x.sh", inode: 99, access: "read" },
  ],
];

/** Sequences that stay silent. */
export const silent: Sequences = [
  [exec(3, "/usr/bin/x86_64-linux-gnu-ld.bfd"), write(3, "/tmp/a.out"), run("/tmp/a.out")],
  [exec(3, "/usr/bin/tar"), write(3, "/home/ci/x"), run("/home/ci/x")],
  [exec(3, "/usr/bin/cp"), write(3, "/tmp/x"), run("/tmp/x")],
  [exec(3, "/usr/bin/git"), write(3, "/home/ci/x/tool"), run("/home/ci/x/tool")],
  [npm, connect(1), write(1, "/home/ci/x/node_modules/a/a"), run("/home/ci/x/node_modules/a/a")],
  [python, write(3, "/home/ci/app/x"), run("/home/ci/app/x")],
  [curl, write(3, "/tmp/x"), exec(9, "/usr/bin/make")],
  // Reads what was fetched, and does not run it.
  [
    curl,
    write(3, "/tmp/x.json"),
    exec(9, "/usr/bin/python3.11", { args: ["python3", "read.py"] }),
    { event: "file_open", process_key: 9, path: "/tmp/x.json", inode: 99, access: "read" },
  ],
  // Nor is what a script is given the script.
  [
    curl,
    write(3, "/tmp/.x/data.csv"),
    exec(9, "/usr/bin/python3.11", { args: ["python3", "read.py", "/tmp/.x/data.csv"] }),
    { event: "file_open", process_key: 9, path: "/src/read.py", inode: 7, access: "read" },
    { event: "file_open", process_key: 9, path: "/tmp/.x/data.csv", inode: 99, access: "read" },
  ],
];
