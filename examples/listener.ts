import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

// No more than a shell needs to answer; keeps a stuck connection from keeping the demo.
const connectionTimeoutMs = 15_000;

/** Plays the attacker on 127.0.0.1: types commands into every connection, keeps what comes back. */
export class Listener implements AsyncDisposable {
  readonly #commands: string;
  readonly #server = createServer((connection) => this.#serve(connection));
  readonly #connections = new Set<Socket>();
  #answer = "";
  #connected = 0;

  /** @param commands text for a shell, which must end it */
  constructor(commands: string) {
    this.#commands = commands;
  }

  /** Connections so far. */
  get connected(): number {
    return this.#connected;
  }

  /** What came back, over all connections. */
  get answer(): string {
    return this.#answer;
  }

  /** @returns where it listens, as `127.0.0.1:PORT` with a free port */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { address, port } = this.#server.address() as AddressInfo; // it is no unix socket
    return `${address}:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(connection: Socket): void {
    this.#connected++;
    this.#connections.add(connection);
    connection.setEncoding("utf8");
    connection.setTimeout(connectionTimeoutMs, () => connection.destroy());
    connection.on("data", (text: string) => {
      this.#answer += text;
    });
    // The other end may vanish; what it said until then is what counts.
    connection.on("error", () => connection.destroy());
    connection.on("close", () => this.#connections.delete(connection));
    connection.write(this.#commands);
  }
}
