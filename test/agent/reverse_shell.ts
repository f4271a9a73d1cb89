import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { TestContext } from "node:test";

/** Something that takes connections on 127.0.0.1. @returns its port */
export async function listener(t: TestContext): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A Python program that does what TRC-101 is about: its standard input becomes a connection. */
export const reverseShell = (port: number): string =>
  "import os, socket; " +
  `s = socket.create_connection(('127.0.0.1', ${port})); os.dup2(s.fileno(), 0)`;
