import assert from "node:assert/strict";
import { chmodSync, copyFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Place } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

/** Answers as the runtime does, and makes nothing. */
async function runtime({ directory }: Place) {
  const server = createServer((socket) => {
    socket.on("error", () => {}); // the job ends as it likes
    socket.once("data", () => socket.end("HTTP/1.0 200 OK\r\n\r\nfrom the runtime"));
  });
  await new Promise<void>((resolve) => server.listen(join(directory, "docker.sock"), resolve));
  return () => server.close();
}

/** A client that asks nobody: what it was told is in its arguments. */
function client({ directory }: Place): undefined {
  copyFileSync("/bin/echo", join(directory, "docker"));
  chmodSync(join(directory, "docker"), 0o755);
}

const found = {
  ...{ signature: "JW-204", severity: "high", behaviour: "container_escape" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "a client asks for a container with the host's root directory",
    prepare: client,
    command: () => ["./docker", "run", "--rm", "-v", "/:/host", "alpine", "chroot", "/host"],
    happened: ({ stdout }) => assert.match(stdout, /-v \/:\/host/),
    found: { ...found, program: "/docker", message: /the host's directory \// },
  },
  {
    name: "curl speaks to the runtime's socket itself",
    prepare: runtime,
    command: () => [
      ...["curl", "-s", "--unix-socket", "docker.sock"],
      ...["-d", '{"Image":"alpine","HostConfig":{"Privileged":true}}'],
      "http://localhost/containers/create",
    ],
    happened: ({ stdout }) => assert.match(stdout, /from the runtime/),
    found: { ...found, program: "/curl", message: /docker\.sock itself/ },
  },
];
