import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { JobwardenError } from "../src/base/errors.ts";

/** A job's control group. */
export interface JobCgroup {
  readonly path: string;
  /** The kernel's id of it: the inode of its directory. */
  readonly id: bigint;
}

/**
 * Where cgroup2 is mounted: on /sys/fs/cgroup, or beside v1 as `…/unified`.
 * @throws JobwardenError CGROUP_MISSING
 */
export function cgroupRoot(): string {
  // Fields after the separator: type, source, options. proc(5).
  const lines = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const mounts = lines.filter((line) => line.split(" - ")[1]?.startsWith("cgroup2 "));
  const path = mounts.map((line) => line.split(" ")[4])[0];
  if (path)
    return path.replace(/\\([0-7]{3})/g, (_, octal) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
  throw new JobwardenError("CGROUP_MISSING", "no cgroup2 mount was found in /proc/self/mountinfo");
}

/**
 * Makes a control group of its own for a job.
 * @throws JobwardenError CGROUP_DENIED
 */
export function makeJobCgroup(root: string, name: string): JobCgroup {
  const path = join(root, "jobwarden", name);
  try {
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(path); // one that is there has processes that are not of this job
    return { path, id: statSync(path, { bigint: true }).ino };
  } catch (cause) {
    throw new JobwardenError("CGROUP_DENIED", `${path} cannot be made: ${cause}`, { cause });
  }
}

/** As events name it: from the cgroup2 mount on. */
export const pathBelowMount = ({ path }: JobCgroup): string => `/jobwarden/${basename(path)}`;

/** The group that was made under that name; undefined when it is gone. */
export function findJobCgroup(root: string, name: string): JobCgroup | undefined {
  const path = join(root, "jobwarden", name);
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && { path, id: found.ino };
}

/** Removes groups that earlier runs left because a process of theirs was still in them. */
export function sweepCgroups(root: string): void {
  const parent = join(root, "jobwarden");
  for (const name of namesIn(parent)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1];
    // A group of a run that lives may be empty because its command has not entered it yet.
    if (pid && !existsSync(`/proc/${pid}`)) removeCgroup({ path: join(parent, name), id: 0n });
  }
}

/** Removes the group and those below it; false while a process is still in one of them. */
export function removeCgroup({ path }: JobCgroup): boolean {
  try {
    for (const group of groupsBelow(path)) rmdirSync(group);
    return true;
  } catch {
    return false; // EBUSY: the processes are survivors, which the caller reports
  }
}

/** The group and all below it, the deepest first. */
function groupsBelow(path: string): string[] {
  return [...namesIn(path).flatMap((name) => groupsBelow(join(path, name))), path];
}

function namesIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return []; // it is gone, or was never made
  }
}
