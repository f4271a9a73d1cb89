import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { Traced } from "../attacks/traced_job.ts";
import type { BenignJob } from "../attacks/variant.ts";

let port = 0;

/** A server outside of the job, such as a registry. */
async function registry() {
  const server = createServer((request, response) => response.end(`package ${request.url}\n`));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  port = address.port;
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

/** A service that takes a moment to start. */
async function slowService() {
  const server = createTcpServer((socket) => socket.end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  port = address.port;
  server.close();
  const timer = setTimeout(() => server.listen(port, "127.0.0.1"), 300);
  return () => {
    clearTimeout(timer);
    server.close();
  };
}

const worked = ({ stdout, stderr }: Traced) => assert.match(stdout, /all done/, stderr);

export const jobs: BenignJob[] = [
  {
    name: "a test starts a hundred servers and asks each",
    command: () => [
      ...["python3", "-c"],
      `import socket, threading
for _ in range(100):
    server = socket.create_server(("127.0.0.1", 0))
    def serve():
        peer, _ = server.accept()
        peer.sendall(peer.recv(9))
        peer.close()
    thread = threading.Thread(target=serve)
    thread.start()
    client = socket.create_connection(server.getsockname())
    client.sendall(b"question")
    assert client.recv(9) == b"question"
    thread.join()
print("all done")`,
    ],
    worked,
  },
  {
    name: "sixty downloads from one registry, eight at a time",
    prepare: registry,
    command: () => [
      ...["sh", "-c"],
      `seq 60 | xargs -P 8 -I N curl -fsS -o file-N http://127.0.0.1:${port}/N && [ $(ls file-* | wc -l) = 60 ] && echo all done`,
    ],
    worked,
  },
  {
    name: "a script waits for a port until its service is there",
    prepare: slowService,
    command: () => [
      ...["bash", "-c"],
      `until (echo >/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do read -t 0.01 <> <(:); done; echo all done`,
    ],
    worked,
  },
  {
    name: "names are looked up and sockets are listed",
    command: () => [
      ...["sh", "-c"],
      "getent hosts localhost; getent ahosts nowhere.invalid; ss -tlnp >list; echo all done",
    ],
    worked,
  },
  {
    name: "an installer asks its registry, then writes a program into an interpreter",
    prepare: registry,
    command: () => [
      ...["python3", "-c"],
      `import subprocess, sys, urllib.request
page = urllib.request.urlopen("http://127.0.0.1:${port}/x").read()
asked = subprocess.run([sys.executable, "-I", "-"], input=b"print('all done')", stdout=subprocess.PIPE)
made = subprocess.run(["sh", "-c", "echo built"], stdout=subprocess.PIPE)
print(asked.stdout.decode(), made.stdout.decode())`,
    ],
    worked,
  },
  {
    name: "an installer is piped into a shell, and into a log",
    prepare: registry,
    command: () => [
      ...["bash", "-c"],
      `curl -fsS http://127.0.0.1:${port}/x | sed 's/.*/echo all done/' | sh 2>&1 | tee log`,
    ],
    worked,
    accepted: { "JW-162": "What comes from the network is run unseen, which its reader is told." },
  },
  {
    name: "a server in the manner of inetd streams what a shell prints to its test",
    command: () => [
      ...["python3", "-c"],
      `import socket, subprocess, threading
server = socket.create_server(("127.0.0.1", 0))
def serve():
    peer, _ = server.accept()
    with subprocess.Popen(["sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdin.write(peer.recv(99))
        child.stdin.close()
        peer.sendall(child.stdout.read())
    peer.close()
thread = threading.Thread(target=serve)
thread.start()
client = socket.create_connection(server.getsockname())
client.sendall(b"echo all done")
print(client.makefile().read())
thread.join()`,
    ],
    worked,
  },
  {
    name: "the system's ping is tried on this machine",
    command: () => ["sh", "-c", "busybox ping -c 1 127.0.0.1 && echo all done"],
    worked,
  },
  {
    name: "an installation asks for hundreds of names",
    command: () => [
      ...["python3", "-c"],
      `import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
hosts = ["registry", "files", "cdn-lfs", "mirror-2024", "objects", "pypi", "d1a2b3c4d5e6f7", "static"]
for i in range(50):
    for host in hosts:
        for type in (1, 28):
            name = f"{host}.packages-{i}.example{i % 7}.org" if i % 2 else f"{host}{i}.cloudfront.net"
            labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
            s.sendto(struct.pack("!6H", 7, 256, 1, 0, 0, 0) + labels + b"\\0" + struct.pack("!2H", type, 1), ("127.53.0.9", 53))
print("all done")`,
    ],
    worked,
  },
  {
    name: "a script downloads and unpacks in a loop, and reports what it did",
    prepare: registry,
    command: () => [
      ...["bash", "-c"],
      `for i in 1 2 3 4 5; do
  curl -fsS -o file-$i http://127.0.0.1:${port}/$i
  sum=$(sha256sum file-$i); size=$(stat -c %s file-$i)
done
for i in 1 2 3 4 5; do curl -fsS -d "$(git --version)" http://127.0.0.1:${port}/report; done; echo all done`,
    ],
    worked,
  },
];
