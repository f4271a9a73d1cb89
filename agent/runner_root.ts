import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { join } from "node:path";
import { deviceOf, kernelDevice } from "../src/base/device.ts";
import { noRecord, type RunnerRecord, runnerRecord, versionIn } from "../src/jobs/runner_files.ts";
import { readSmallFile } from "./small_file.ts";

/** A directory that may be a runner's, looked at once. */
export interface RunnerRoot {
  /** Through which it can be reached. */
  readonly path: string;
  readonly inode: bigint;
  readonly device: number;
  /** Its owner. */
  readonly uid: number;
  /** Whether there is a `.runner`, of whatever kind: one that we cannot read may do for a runner. */
  readonly has_record: boolean;
  readonly record: RunnerRecord;
  /** Owner of the record; undefined when it could not be read. */
  readonly record_uid: number | undefined;
  /** Why the record could not be read. */
  readonly trouble: string | undefined;
  /** The version that its `bin` leads to; null before its first update. */
  readonly version: string | null;
}

/** A real one has some hundred bytes. */
const mostRecordBytes = 64 << 10;
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/**
 * Looks at a directory of our own mount namespace.
 * @throws what the system says
 */
export function readRoot(path: string): RunnerRoot {
  const root = realpathSync(path);
  return readOpened(root, openSync(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), "/proc/self");
}

/**
 * Looks at a directory as a process of another mount namespace sees it. No symbolic link is
 * followed on the way: one there leads to a place in our namespace.
 *
 * @param process its directory below /proc
 * @throws what the system says
 */
export function readRootOf(process: string, path: string): RunnerRoot {
  let fd = openSync(join(process, "root"), O_RDONLY | O_DIRECTORY);
  for (const name of path.split("/").filter((part) => part !== "")) {
    const above = fd;
    try {
      fd = openSync(below(above, name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    } finally {
      closeSync(above);
    }
  }
  return readOpened(join(process, "root", path), fd, process);
}

/** Everything is read through the one descriptor, so that it is of one directory. */
function readOpened(path: string, fd: number, process: string): RunnerRoot {
  try {
    const { uid } = fstatSync(fd);
    return {
      ...{ path, uid },
      ...identityOf(fd, process),
      ...recordIn(fd),
      version: linkedVersion(fd),
    };
  } finally {
    closeSync(fd);
  }
}

const below = (fd: number, name: string): string => `/proc/self/fd/${fd}/${name}`;

/**
 * Inode and device as the kernel's programs see them. The device of stat(2) is another one on btrfs
 * and overlayfs; that of the mount is the super block's.
 */
function identityOf(fd: number, process: string): { inode: bigint; device: number } {
  const { ino, dev } = fstatSync(fd, { bigint: true });
  const opened = readFileSync(`/proc/self/fdinfo/${fd}`, "utf8");
  const mount = /^mnt_id:\s*(\d+)$/m.exec(opened)?.[1];
  const inode = /^ino:\s*(\d+)$/m.exec(opened)?.[1]; // Linux 5.14
  const mounts = readFileSync(join(process, "mountinfo"), "utf8");
  const [, major, minor] = new RegExp(`^${mount} \\d+ (\\d+):(\\d+) `, "m").exec(mounts) ?? [];
  return {
    inode: inode === undefined ? ino : BigInt(inode),
    device: minor === undefined ? kernelDevice(dev) : deviceOf(Number(major), Number(minor)),
  };
}

type RecordPart = Pick<RunnerRoot, "has_record" | "record" | "record_uid" | "trouble">;

function recordIn(fd: number): RecordPart {
  const nothing = { record: noRecord, record_uid: undefined, trouble: undefined };
  try {
    const limits = { most_bytes: mostRecordBytes, follow: false };
    const { bytes, uid } = readSmallFile(below(fd, ".runner"), limits);
    const record = runnerRecord(bytes.toString("utf8"));
    return { ...nothing, has_record: true, record, record_uid: uid };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { ...nothing, has_record: false };
    const why = code === "ELOOP" ? "it is a symbolic link" : (code ?? message);
    return { ...nothing, has_record: true, trouble: why };
  }
}

function linkedVersion(fd: number): string | null {
  try {
    return versionIn(readlinkSync(below(fd, "bin")));
  } catch {
    return null; // a directory until the first update, or not there
  }
}
