import type { Samples, Sequences } from "../engine/signature.ts";

const exec = (
  process_key: number,
  parent_key: number,
  path: string,
  ...args: string[]
): Samples => ({
  ...{ event: "process_exec", process_key, parent_key, pid: 100 + process_key },
  ...{ path, args: [path, ...args], cwd: "/w/app" },
});

const reads = (process_key: number, path: string, time_us = 10, inode = 9): Samples => ({
  ...{ event: "file_open", process_key, path, mode: 0o100600, access: "read", inode, time_us },
});
const makes = (process_key: number, path: string, inode: number): Samples => ({
  ...{ event: "file_open", process_key, path, mode: 0o100600, inode },
  ...{ access: "write", created: "yes" },
});

const connects = (process_key: number, time_us = 20, peer = "192.0.2.7:443"): Samples => ({
  ...{ event: "socket_connect", process_key, time_us, peer },
  ...{ family: "inet", type: "stream", error: 115 },
});
const ends = (process_key: number, time_us: number): Samples => ({
  ...{ event: "process_exit", process_key, time_us },
});

const from = (inode: number) => ({ stdin_kind: "pipe", stdin_inode: inode }) as const;
const into = (inode: number) => ({ stdout_kind: "pipe", stdout_inode: inode }) as const;

const script = exec(1, 0, "/bin/bash", "build.sh");
const key = "/home/ci/.ssh/id_rsa";

export const fires: Sequences = [
  [script, exec(2, 1, "/usr/bin/python3", "x.py"), reads(2, key), connects(2)],
  // The connection is there, or is told of, before the read.
  [script, exec(2, 1, "/usr/bin/python3", "x.py"), connects(2, 5), reads(2, key)],
  [script, exec(3, 1, "/usr/bin/nc"), connects(3, 5), exec(2, 1, "/bin/cat"), reads(2, key)],
  [
    script,
    exec(2, 1, "/bin/cat"),
    exec(3, 1, "/usr/bin/curl", "-d@-", "http://x"),
    ...[connects(3), ends(3, 30), reads(2, key)],
  ],
  // A script that starts another program to read.
  [script, exec(2, 1, "/usr/bin/node", "x.js"), exec(3, 2, "/bin/cat"), reads(3, key), connects(2)],
  // By way of a file that was there before it, or is made afterwards.
  [
    ...[script, exec(2, 1, "/bin/tar"), makes(2, "/tmp/x.tgz", 70), reads(2, key), ends(2, 11)],
    exec(8, 7, "/opt/send"),
    ...[reads(8, "/tmp/x.tgz", 30, 70), connects(8, 40)],
  ],
  [
    ...[script, exec(2, 1, "/bin/cp"), reads(2, key), makes(2, "/tmp/x", 70), ends(2, 11)],
    { ...exec(8, 7, "/opt/send"), stdin_kind: "file", stdin_inode: 70 } as Samples,
    connects(8, 40),
  ],
  // A packer that lets its child write, and a pipeline, whose sender's work tells nothing.
  [
    ...[script, exec(2, 1, "/bin/tar"), { ...exec(3, 2, "/bin/gzip"), ...from(50) } as Samples],
    ...[makes(3, "/tmp/x.tgz", 70), reads(2, key), exec(8, 7, "/opt/send")],
    ...[reads(8, "/tmp/x.tgz", 30, 70), connects(8, 40)],
  ],
  [
    script,
    { ...exec(2, 1, "/bin/cat"), ...into(50) } as Samples,
    { ...exec(3, 1, "/bin/base64"), ...from(50), ...into(51) } as Samples,
    ...[{ ...exec(4, 1, "/opt/send"), ...from(51) } as Samples, reads(2, key), connects(4)],
  ],
  [
    ...[script, exec(2, 1, "/bin/cat"), reads(2, key), exec(3, 1, "/usr/bin/git", "push")],
    connects(3),
  ],
  [
    ...[script, exec(2, 1, "/usr/bin/aws", "s3", "cp", key), reads(2, key)],
    { ...connects(2), event: "socket_send", type: "datagram" } as Samples,
  ],
];

export const silent: Sequences = [
  [script, exec(2, 1, "/usr/bin/ssh"), reads(2, key), connects(2)],
  [script, exec(2, 1, "/bin/cat"), reads(2, key), exec(3, 1, "/usr/bin/curl", "-O"), connects(3)],
  [
    ...[script, exec(2, 1, "/usr/bin/curl", "-d", "x"), connects(2, 5), ends(2, 6)],
    ...[exec(3, 1, "/bin/cat"), reads(3, key)],
  ],
  // A shell that has read one, and starts a tool that connects in every job.
  [
    ...[script, exec(2, 1, "/usr/bin/node", "x.js"), reads(2, key)],
    ...[exec(3, 2, "/usr/bin/git", "fetch"), connects(3)],
  ],
  [script, exec(2, 1, "/usr/bin/python3"), reads(2, key), connects(2, 20, "")],
  [
    ...[script, exec(2, 1, "/usr/bin/python3"), reads(2, key)],
    { ...connects(2, 20, "192.0.2.1:53"), type: "datagram" } as Samples,
  ],
  // The number of the file is another file's now.
  [
    ...[script, exec(2, 1, "/bin/cp"), reads(2, key), makes(2, "/tmp/x", 70)],
    ...[exec(7, 6, "/bin/sh"), makes(7, "/tmp/y", 70), exec(8, 6, "/opt/send")],
    ...[reads(8, "/tmp/y", 30, 70), connects(8, 40)],
  ],
];
