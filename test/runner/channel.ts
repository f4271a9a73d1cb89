import { writeSync } from "node:fs";
import { Socket } from "node:net";

/** Kinds of messages from the Listener to the Worker. */
export const messageType = { newJobRequest: 1, cancelRequest: 2, runnerShutdown: 3 } as const;

const headBytes = 8;

/** Writes one message: type and length as int32, little endian, then the text as UTF-16. */
export function send(descriptor: number, type: number, text: string): void {
  const body = Buffer.from(text, "utf16le");
  const head = Buffer.alloc(headBytes);
  head.writeInt32LE(type, 0);
  head.writeInt32LE(body.length, 4);
  const all = Buffer.concat([head, body]);
  for (let done = 0; done < all.length; ) done += writeSync(descriptor, all, done);
}

/** Calls back for each message that arrives whole. */
export function receive(descriptor: number, got: (type: number, text: string) => void): Socket {
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  let rest = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    while (rest.length >= headBytes && rest.length >= headBytes + rest.readInt32LE(4)) {
      const end = headBytes + rest.readInt32LE(4);
      const [type, text] = [rest.readInt32LE(0), rest.toString("utf16le", headBytes, end)];
      rest = rest.subarray(end);
      got(type, text);
    }
  });
  return socket;
}
