import { closeSync, openSync, readSync } from "node:fs";

/** A socket that takes what others send: listening, or a datagram socket without a peer. */
export interface ListeningSocket {
  readonly protocol: "tcp" | "tcp6" | "udp" | "udp6" | "unix";
  /** `127.0.0.1:80`, `[::1]:80`; a path, and an abstract name starts with @. */
  readonly address: string;
}

const protocols = ["tcp", "tcp6", "udp", "udp6", "unix"] as const;

/**
 * Goes through the socket tables of one network namespace and calls `found` for each wanted socket
 * that listens. Yields now and then, so that nothing waits for a long table.
 * @param folder /proc/PID/net of a process in that namespace
 * @param wanted numbers of sockets in sockfs
 * @returns lines that were not read because a table has too many
 */
export function* findListening(
  folder: string,
  wanted: { has(inode: number): boolean },
  found: (inode: number, socket: ListeningSocket) => void,
): Generator<void, number> {
  let unread = 0;
  for (const protocol of protocols) {
    let lines = 0;
    for (const line of linesOf(`${folder}/${protocol}`)) {
      if (line === undefined) {
        yield;
        continue;
      }
      if (++lines > longestTable) {
        unread++;
        break;
      }
      const parsed = protocol === "unix" ? unixLine(line) : inetLine(line, protocol);
      if (parsed && wanted.has(parsed.inode)) {
        found(parsed.inode, { protocol, address: parsed.address });
      }
    }
  }
  return unread;
}

const longestTable = 200_000;
const pieceBytes = 32_768;

/** The lines of a file, without the first; undefined between two pieces of it. */
function* linesOf(path: string): Generator<string | undefined> {
  const descriptor = tryOpen(path);
  if (descriptor === undefined) return;
  try {
    const piece = Buffer.alloc(pieceBytes);
    let rest = "";
    let isFirst = true;
    for (;;) {
      const length = readSync(descriptor, piece, 0, pieceBytes, null);
      if (length === 0) return;
      const lines = (rest + piece.toString("latin1", 0, length)).split("\n");
      rest = lines.pop() ?? "";
      if (isFirst) lines.shift();
      isFirst = false;
      yield* lines;
      yield undefined;
    }
  } catch {
    // The process has ended; what was read of its namespace is true all the same.
  } finally {
    closeSync(descriptor);
  }
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    return undefined; // it is gone, or this kernel has no such protocol
  }
}

interface Line {
  readonly inode: number;
  readonly address: string;
}

const listening = "0A"; // TCP_LISTEN
const unconnected = "07"; // TCP_CLOSE, which is how the kernel shows a datagram socket

function inetLine(line: string, protocol: string): Line | undefined {
  const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
  if (state !== (protocol.startsWith("tcp") ? listening : unconnected)) return undefined;
  const [address = "", port = ""] = local.split(":");
  const number = Number.parseInt(port, 16);
  return { inode: Number(inode), address: `${addressText(address)}:${number}` };
}

/** Words of 32 bits in the machine's order, which is the little end first on both architectures. */
function addressText(hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  bytes.swap32();
  if (bytes.length === 4) return bytes.join(".");
  const isMapped = bytes.readUInt32BE(0) === 0 && bytes.readUInt32BE(4) === 0;
  if (isMapped && bytes.readUInt32BE(8) === 0xffff) return bytes.subarray(12).join(".");
  const words = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  // A URL's host is in the shortest form (RFC 5952).
  return new URL(`http://[${words.join(":")}]/`).hostname;
}

/** Num RefCount Protocol Flags Type St Inode Path. */
const unixFields = /^\S+ \S+ \S+ (\S+) (\S+) \S+ +(\d+)(?: (.*))?$/;
const acceptsFlag = 0x10000; // __SO_ACCEPTCON
const datagram = "0002";

function unixLine(line: string): Line | undefined {
  const [, flags = "", type, inode, path] = unixFields.exec(line) ?? [];
  if (path === undefined) return undefined; // nobody can find a socket that has no name
  const isListening = (Number.parseInt(flags, 16) & acceptsFlag) !== 0;
  if (!isListening && type !== datagram) return undefined;
  return { inode: Number(inode), address: Buffer.from(path, "latin1").toString("utf8") };
}
