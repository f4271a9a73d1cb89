import { createRequire } from "node:module";

/** The BPF object in the kernel. Texts of reasons are the kernel's; empty means that it worked. */
export interface Tracer {
  attach(program: string): string;
  attachCgroup(program: string, directory: string): string;
  programFd(program: string): number;
  /** Runs an attached iterator's program once over all that there is. @returns bytes written */
  visit(program: string): number;
  poll(timeout_ms: number): boolean;
  /** What is drained stays the kernel's until `release`. */
  drain(ring: string, into: Uint8Array): number;
  release(): void;
  /** Bytes drained since the ring was made. */
  position(ring: string): number;
  /** Leaves out what was drained before; false when the ring has no such position ahead. */
  seek(ring: string, position: number): boolean;
  /** Keeps maps and hooks when this process ends: names in a directory of a BPF file system. */
  pin(directory: string): void;
  mapGet(map: string, key: Uint8Array): Uint8Array | undefined;
  mapEntries(map: string): [Buffer, Buffer][];
  mapSet(map: string, key: Uint8Array, value: Uint8Array): void;
  mapDelete(map: string, key: Uint8Array): void;
  /** Stops every hook; what is in the rings can still be drained, and nothing is added to it. */
  detach(): void;
  /** What is pinned goes on. */
  close(): void;
}

export interface TracerOptions {
  /** Path of the linked BPF object. */
  readonly object: string;
  /** Programs to load; the others stay out of the kernel. */
  readonly programs: readonly string[];
  /** Entries of maps, bytes of rings, by name. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Ring buffers to drain. */
  readonly rings: readonly string[];
}

/** Takes over what another process has pinned. */
export interface PinnedTracerOptions {
  /** The directory that `pin` was given. */
  readonly pinned: string;
  readonly rings: readonly string[];
}

/** Who connected a unix socket, as the kernel noted it at that moment. */
export interface Peer {
  /** In the pid namespace of the reader; 0 when it cannot be seen from there. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

interface Addon {
  readonly Tracer: new (options: TracerOptions | PinnedTracerOptions) => Tracer;
  /** Why this kernel refuses programs of a section such as `fentry/vfs_read`; empty: it does not. */
  readonly probe: (section: string) => string;
  /** Unix time of boot in microseconds. */
  readonly bootTime: () => number;
  /**
   * Who is at the other end of a connected unix socket.
   * @throws Error with `code` PEER_OF and `errno`, such as EBADF and ENOTSOCK
   */
  readonly peerOf: (fd: number) => Peer;
}

/** Loads the addon. @throws Error as `require` does, when set-up has not built it */
export const loadAddon = (): Addon => createRequire(import.meta.url)("./jobwarden.node") as Addon;
