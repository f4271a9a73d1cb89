import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** A peer outside of the job that takes whatever it is sent: HTTP or not, by TCP or UDP. */
export interface Sink {
  readonly port: number;
  /** All bytes so far. */
  readonly taken: () => Buffer;
  readonly close: () => void;
}

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/** Listens on a port of loopback, for TCP and UDP. */
export async function sink(): Promise<Sink> {
  const parts: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {}); // the job ends as it likes
    socket.on("data", (part) => {
      parts.push(part);
      // A client that asks before it sends a body is told to go on by this too.
      if (!socket.writableEnded && isWhole(Buffer.concat(parts))) socket.end(answer);
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      assert.ok(address && typeof address === "object");
      resolve(address.port);
    });
  });
  const datagrams = createSocket("udp4", (part, { port: from, address }) => {
    parts.push(part);
    datagrams.send("taken", from, address);
  });
  await new Promise<void>((resolve) => datagrams.bind(port, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    datagrams.close();
  };
  return { port, taken: () => Buffer.concat(parts), close };
}

/** Whether a request has come to its end, as far as its head tells. */
function isWhole(bytes: Buffer): boolean {
  const text = bytes.toString("latin1");
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return text.length - head - 4 >= Number(length ?? 0);
}
