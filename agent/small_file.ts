import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";

export interface SmallFile {
  readonly bytes: Buffer;
  /** Owner. */
  readonly uid: number;
}

export interface SmallFileLimits {
  readonly most_bytes: number;
  /** Whether the last name may be a symbolic link. */
  readonly follow: boolean;
}

/**
 * Reads a file that a person or a job may have replaced by anything: a pipe does not block, a
 * device is not read, a large file takes no memory.
 * @throws an error that says what was found instead; of the system, with its `code`
 */
export function readSmallFile(path: string, { most_bytes, follow }: SmallFileLimits): SmallFile {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_RDONLY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
  try {
    const status = fstatSync(fd);
    if (!status.isFile()) throw new Error(`it is ${kindOf(status)}, not a regular file`);
    const bytes = readUpTo(fd, most_bytes + 1);
    if (bytes.length > most_bytes) throw new Error(`it has more than ${most_bytes} bytes`);
    return { bytes, uid: status.uid };
  } finally {
    closeSync(fd);
  }
}

/** The size in its status is no help: it may grow, and files of the kernel have none. */
function readUpTo(fd: number, most: number): Buffer {
  const into = Buffer.alloc(most);
  let length = 0;
  for (;;) {
    const more = readSync(fd, into, length, most - length, null);
    length += more;
    if (more === 0 || length === most) return into.subarray(0, length);
  }
}

function kindOf(status: Stats): string {
  if (status.isDirectory()) return "a directory";
  if (status.isFIFO()) return "a pipe";
  return "a device or a socket";
}
