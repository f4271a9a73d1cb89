import { chmodSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Peer } from "../native/index.ts";
import type { HookName } from "../src/jobs/hook_peer.ts";
import {
  type ConnectionLimits,
  failedAnswer,
  type HookTrouble,
  readCall,
  refusedAnswer,
  sendAnswer,
} from "./hook_connection.ts";
import type { HookAnswer, HookJobs } from "./hook_jobs.ts";
import { HookPlaces, type PlaceLimits } from "./hook_places.ts";
import { clearSocketPath, denied, socketMode } from "./hook_socket.ts";

/** Where native/hook/hook.cc asks unless its script says otherwise. */
export const hookSocketPath = "/run/jobwarden/hook.sock";

export type HookLimits = ConnectionLimits & PlaceLimits;

const defaultLimits: HookLimits = {
  line_bytes: 4096,
  line_ms: 2_000,
  // Longer than the longest that the hook waits: until then it may still read an answer.
  answer_ms: 16_000,
  most: 64,
  most_of_user: 32,
  most_expected: 16,
};

export interface HookServerOptions {
  readonly jobs: HookJobs;
  /** The addon's. */
  readonly peerOf: (fd: number) => Peer;
  /** Default: `hookSocketPath`. */
  readonly path?: string;
  readonly limits?: Partial<HookLimits>;
  /** A call that is none; who made it is known. Not called for what is turned away. */
  readonly onRefused?: (peer: Peer, trouble: HookTrouble) => void;
  /** A failure of ours, of which the peer learns nothing. */
  readonly onTrouble?: (error: unknown) => void;
}

/** Calls since the start. */
export interface HookCounts {
  /** Answered by `jobs`, refusals of its own included. */
  readonly answered: number;
  /** Refused because they were no call. */
  readonly refused: number;
  /** Closed without a word, because there was no place: the hook then tries again. */
  readonly turned_away: number;
  /** Not answered because of a failure of ours. */
  readonly failed: number;
}

/**
 * The socket that the runner's job hooks ask: one line in, one line out. It knows no job.
 *
 * The peer is read from the descriptor that Node accepted, which `net.Socket` does not offer in
 * public. To accept for ourselves would need a thread or a libuv handle in the addon. So `open`
 * calls itself once and compares: with a Node that hides the descriptor the agent does not start,
 * instead of refusing every hook.
 */
export class HookServer {
  readonly #options: HookServerOptions;
  readonly #limits: HookLimits;
  readonly #places: HookPlaces;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #counts = { answered: 0, refused: 0, turned_away: 0, failed: 0 };
  /** Told of peers instead of serving them, until `open` has seen itself. */
  #onFirst: ((peer: Peer) => void) | undefined;

  private constructor(options: HookServerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#places = new HookPlaces(this.#limits);
    // Half open, so that a peer that has said all may say so.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#admit(socket));
  }

  /**
   * Listens. The directory of the socket is made when it is missing.
   * @throws JobwardenError AGENT_RUNNING, HOOK_SOCKET
   */
  static async open(options: HookServerOptions): Promise<HookServer> {
    const { path = hookSocketPath } = options;
    await clearSocketPath(path);
    const server = new HookServer(options);
    await server.#listen(path);
    try {
      await server.#meetItself(path);
    } catch (cause) {
      await server.close();
      throw cause;
    }
    return server;
  }

  get counts(): HookCounts {
    return { ...this.#counts };
  }

  /** Connections that are being served. */
  get connections(): number {
    return this.#open.size;
  }

  /** Stops; who waits for an answer is cut off, and asks the next agent. May be called twice. */
  close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  #listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void => reject(denied(`${path}: ${cause.message}`, { cause }));
      this.#server.once("error", fail);
      this.#server.listen({ path }, () => {
        chmodSync(path, socketMode);
        this.#server.off("error", fail);
        // Out of descriptors, for one: what waits is accepted when there are some again.
        this.#server.on("error", (error) => this.#fail(error));
        resolve();
      });
    });
  }

  /** Also shows that the path leads to us, and not to an agent that started at the same time. */
  async #meetItself(path: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const missed = (): void => reject(denied(`${path} does not lead to this agent`));
    const timer = setTimeout(missed, this.#limits.line_ms);
    this.#onFirst = ({ pid }) => pid === process.pid && resolve();
    const caller = connect({ path }).on("error", missed);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      caller.destroy();
      this.#onFirst = undefined;
    }
  }

  #admit(socket: Socket): void {
    socket.on("error", () => {}); // the peer has gone: `close` follows, and the place is free
    const peer = this.#peerOf(socket);
    const free = peer && this.#placeFor(peer);
    if (!free) return void socket.destroy();
    this.#open.add(socket);
    socket.once("close", () => {
      this.#open.delete(socket);
      free();
    });
    this.#serve(socket, peer).catch((error) => {
      this.#fail(error);
      socket.destroy();
    });
  }

  #placeFor(peer: Peer): (() => void) | undefined {
    if (this.#onFirst) return void this.#onFirst(peer);
    const isExpected = (): boolean => this.#options.jobs.isExpected?.(peer) ?? false;
    const free = this.#places.take(peer, isExpected);
    if (!free) this.#counts.turned_away++;
    return free;
  }

  #peerOf(socket: Socket): Peer | undefined {
    try {
      // Not public; see the class.
      const { fd = -1 } = (socket as unknown as { _handle?: { fd?: number } })._handle ?? {};
      return this.#options.peerOf(fd);
    } catch (error) {
      this.#fail(error); // without a peer nothing can be judged: the connection is closed
      return undefined;
    }
  }

  async #serve(socket: Socket, peer: Peer): Promise<void> {
    const call = await readCall(socket, this.#limits);
    if (typeof call === "object") {
      this.#counts.refused++;
      this.#options.onRefused?.(peer, call.trouble);
      sendAnswer(socket, refusedAnswer(call.trouble), this.#limits.line_ms);
      return;
    }
    sendAnswer(socket, await this.#answerTo(call, peer), this.#limits.answer_ms);
  }

  /** A promise that is never kept must not hold the place for ever. */
  async #answerTo(call: HookName, peer: Peer): Promise<HookAnswer> {
    const { promise, reject } = Promise.withResolvers<never>();
    const late = (): void => reject(new Error(`no answer in ${this.#limits.answer_ms} ms`));
    const timer = setTimeout(late, this.#limits.answer_ms);
    try {
      const found = await Promise.race([this.#options.jobs[call](peer), promise]);
      this.#counts.answered++;
      return found;
    } catch (error) {
      this.#fail(error);
      return failedAnswer;
    } finally {
      clearTimeout(timer);
    }
  }

  #fail(error: unknown): void {
    this.#counts.failed++;
    this.#options.onTrouble?.(error);
  }
}
