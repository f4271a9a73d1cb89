import { type BigIntStats, lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ChangedFile, ChangeHow } from "../src/jobs/changed_file.ts";
import type { WrittenFile } from "../src/jobs/edge.ts";
import type { Place, Places } from "../src/jobs/places.ts";
import type { Residue, ResidueKind } from "../src/jobs/residue.ts";

export interface LeftFilesQuestion {
  readonly job: number;
  readonly changed: Iterable<ChangedFile>;
  readonly places: Places;
}

/** What is no residue, and why. */
export interface UntoldFiles {
  /** The runner writes such files itself. */
  expected: number;
  /** Changed in other mounts, and on the host no such file. */
  elsewhere: number;
  /** The job's own, and gone again; or opened for writing, and not changed. */
  passing: number;
}

/** Finds which files that a job changed are still there. */
export class LeftFileSearch {
  readonly residue: Residue[] = [];
  readonly written: WrittenFile[] = [];
  readonly untold: UntoldFiles = { expected: 0, elsewhere: 0, passing: 0 };
  readonly #question: LeftFilesQuestion;

  constructor(question: LeftFilesQuestion) {
    this.#question = question;
  }

  /** Yields after each file. */
  *run(): Generator<void, void> {
    for (const file of this.#question.changed) {
      this.#look(file);
      yield;
    }
  }

  #look(file: ChangedFile): void {
    if (file.place.kind === "temporary" && !file.unresolved && !file.set_id) return;
    const path = file.unresolved ? resolved(file.path) : file.path;
    const place = path === file.path ? file.place : this.#question.places.of(path);
    const stat = statOf(path);
    const same = stat && isSame(file, stat);
    if (stat && file.foreign && !isHosts(file, stat)) {
      this.untold.elsewhere++;
      return;
    }
    if (stat ? !isChanged(file, stat) : !isMissed(file)) {
      this.untold.passing++;
      return;
    }
    if (stat?.isFile()) this.#keepWritten(file, path, place, stat);
    const kind = kindOf(place) ?? (isSetId(stat) ? "set_id_file" : undefined);
    if (!kind) return;
    if (file.expected) {
      this.untold.expected++;
      return;
    }
    this.residue.push({
      kind,
      what: `${wordOf(file, stat !== undefined)} ${path}`,
      ...{ process_key: file.process_key, pid: 0, path, time_us: file.time_us },
      detail: detailOf(file, place, stat, same ?? false),
    });
  }

  #keepWritten(file: ChangedFile, path: string, place: Place, stat: BigIntStats): void {
    if (place.kind === "temporary" || place.kind === "kernel") return;
    const { job } = this.#question;
    const inode = Number(stat.ino);
    // Btrfs shows programs another device than the kernel has; later events have the kernel's.
    const device = file.inode === inode && file.device ? file.device : deviceOf(stat.dev);
    const { process_key, time_us } = file;
    const ctime_ns = String(stat.ctimeNs);
    this.written.push({ job, device, inode, path, process_key, time_us, ctime_ns });
  }
}

/** Follows the links of the directories, as a program that is given the name does. */
function resolved(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path; // a directory of it is gone
  }
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined; // a directory of it is a file now, or a loop
  }
}

/** The kernel's number from the one that stat gives: gnu_dev_major(3). */
export function deviceOf(dev: bigint): number {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return Number((major << 20n) | minor);
}

const isSame = ({ inode, device }: ChangedFile, stat: BigIntStats): boolean =>
  inode === Number(stat.ino) && device === deviceOf(stat.dev);

/** Whether a change in other mounts was of the host's file of that name. */
function isHosts(file: ChangedFile, stat: BigIntStats): boolean {
  return file.inode === 0 ? isChangedSince(file, stat) : isSame(file, stat);
}

/** What was only opened for writing has changed if its times say so; the rest has by its events. */
const isChanged = (file: ChangedFile, stat: BigIntStats): boolean =>
  file.how !== "opened" || isChangedSince(file, stat);

const isChangedSince = ({ time_us }: ChangedFile, { ctimeNs }: BigIntStats): boolean =>
  Number(ctimeNs / 1000n) >= time_us - tickUs;
/** The clock of files may be one tick behind; at the least there are 100 in a second. */
const tickUs = 10_000;

/** Whether somebody who comes later misses a file that is not there. */
function isMissed({ was_there, how, place, foreign }: ChangedFile): boolean {
  if (!place.lasting || foreign) return false;
  return was_there === "yes" || (was_there === "unknown" && how === "removed");
}

/** A directory with such bits is none. */
const isSetId = (stat: BigIntStats | undefined): boolean =>
  stat?.isFile() === true && (stat.mode & 0o6000n) !== 0n;

function kindOf({ kind, lasting }: Place): ResidueKind | undefined {
  if (!lasting) return undefined;
  switch (kind) {
    case "runner_file":
    case "dotfile":
    case "unit":
    case "timer":
    case "crontab":
      return kind;
    case "system":
      return "system_file";
    default:
      return undefined;
  }
}

function wordOf({ how, was_there }: ChangedFile, isThere: boolean): string {
  if (!isThere) return "removed";
  if (how === "removed") return was_there === "no" ? "created" : "replaced";
  return words[how];
}

const words: Readonly<Record<ChangeHow, string>> = {
  opened: "changed",
  created: "created",
  written: "changed",
  truncated: "changed",
  mode_changed: "changed the mode of",
  renamed: "put in place",
  linked: "linked",
  symlinked: "linked",
  removed: "removed",
};

function detailOf(
  file: ChangedFile,
  place: Place,
  stat: BigIntStats | undefined,
  same: boolean,
): Residue["detail"] {
  const { how, was_there, origin, unresolved, foreign, inode } = file;
  return {
    ...{ how, was_there, exists: stat !== undefined },
    // An event told the inode, and now another has the name.
    replaced: stat !== undefined && inode !== 0 && !same,
    ...(origin && { origin }),
    ...(unresolved && { called: file.path }),
    ...(foreign && { foreign }),
    ...(place.part && { part: place.part }),
    ...(place.user && { user: place.user }),
    ...(stat && {
      inode: Number(stat.ino),
      mode: (Number(stat.mode) & 0o7777).toString(8),
      owner: Number(stat.uid),
      bytes: Number(stat.size),
    }),
  };
}
