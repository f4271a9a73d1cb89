import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const address = "169.254.169.254";

/** This machine answers as a cloud would, for as long as the job runs. */
async function prepare() {
  const add = spawnSync("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
  const server = createServer((_, response) => response.end('{"Token":"of the machine"}\n'));
  server.listen(80, address);
  await once(server, "listening");
  return () => {
    server.close();
    server.closeAllConnections();
    if (add.status === 0) spawnSync("ip", ["address", "delete", `${address}/32`, "dev", "lo"]);
  };
}

const happened = ({ stdout, stderr }: Traced) => assert.match(stdout, /of the machine/, stderr);
const found = {
  ...{ signature: "JW-140", severity: "high", behaviour: "metadata_access" },
  message: /metadata service at 169\.254\.169\.254:80/,
} as const satisfies Partial<Variant["found"]>;

const get = "GET /latest/meta-data/iam/security-credentials/x HTTP/1.0\\r\\n\\r\\n";

export const variants: Variant[] = [
  {
    name: "curl is given the address as one number",
    prepare,
    command: () => ["curl", "-sS", "--max-time", "5", "http://2852039166/latest/meta-data/"],
    happened,
    found: { ...found, program: "/curl" },
  },
  {
    name: "python asks over IPv6 with a mapped address",
    prepare,
    command: () => [
      ...["python3", "-c"],
      `import socket
s = socket.socket(socket.AF_INET6)
s.connect(("::ffff:a9fe:a9fe", 80))
s.sendall(b"${get}")
print(s.makefile().read())`,
    ],
    happened,
    found: { ...found, program: "/python3.11" },
  },
  {
    name: "bash asks without any program",
    prepare,
    command: () => [
      ...["bash", "-c"],
      `exec 3<>/dev/tcp/${address}/80; printf '${get}' >&3; while read -r line; do echo "$line"; done <&3`,
    ],
    happened,
    found: { ...found, program: "/bash" },
  },
  {
    name: "perl sends a datagram, unconnected",
    prepare,
    command: () => [
      ...["perl", "-MSocket", "-e"],
      `socket(S, PF_INET, SOCK_DGRAM, 0) or die;
defined send(S, "x", 0, pack_sockaddr_in(80, inet_aton("${address}"))) or die "$!";
print "of the machine\\n";`,
    ],
    happened,
    found: { ...found, program: "/perl" },
  },
  {
    name: "python tries a container's credentials, and does not wait for an answer",
    command: () => [
      ...["python3", "-c"],
      `import socket
s = socket.socket()
s.setblocking(False)
print("tried", s.connect_ex(("169.254.170.2", 80)))`,
    ],
    happened: ({ stdout }) => assert.match(stdout, /tried \d+/),
    found: { ...found, message: /container metadata service at 169/, program: "/python3.11" },
  },
];
