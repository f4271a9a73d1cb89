import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** What a peer outside of the job wants a shell to do. */
export const order = "echo ran >proof; exit\n";

/** Where a server listens, and what ends it. */
export interface Place {
  readonly port: number;
  readonly close: () => void;
}

/** @param server one that is not listening yet */
export async function listening(server: Server): Promise<Place> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  return { port: address.port, close: () => server.close() };
}

/** Sends each who connects an order, and keeps nothing. */
export function giveOrder(socket: Socket): void {
  socket.on("error", () => {}); // the job ends as it likes
  socket.resume();
  socket.end(order);
}

/** A server that gives an order to each who connects. */
export const attacker = (): Promise<Place> => listening(createServer(giveOrder));

const tries = 500;
const betweenMs = 10;

/** A port that nobody has; somebody outside of the job comes to it as soon as it is served. */
export async function visitor(): Promise<Place> {
  const { port, close } = await listening(createServer());
  close();
  let isOver = false;
  const visit = async (): Promise<void> => {
    for (let i = 0; i < tries && !isOver; i++) {
      const socket = connect(port, "127.0.0.1");
      const isServed = await new Promise<boolean>((resolve) => {
        socket.on("connect", () => resolve(true));
        socket.on("error", () => resolve(false));
      });
      if (isServed) return giveOrder(socket);
      await pause(betweenMs);
    }
  };
  void visit();
  return {
    port,
    close: () => {
      isOver = true;
    },
  };
}
