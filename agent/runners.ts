import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  type FoundRunner,
  type RunnerProblem,
  type RunnerSource,
  runnerSources,
} from "../src/jobs/runner.ts";
import { noRecord } from "../src/jobs/runner_files.ts";
import { type Listener, runningListeners } from "./listeners.ts";
import { type RunnerRoot, readRoot, readRootOf } from "./runner_root.ts";
import { type RunnerUnit, runnerUnits, systemUnits } from "./unit_files.ts";

/** Where to look. */
export interface RunnerPlaces {
  /** Directories that a person names as runners. */
  readonly roots: readonly string[];
  /** Whether to find runners by their units and their running Listeners as well. Default: true. */
  readonly discover?: boolean;
  /** Default: /proc. */
  readonly proc?: string;
  /** The first has precedence. Default: those of systemd for the system. */
  readonly unit_directories?: readonly string[];
  /** Whether a process belongs to a job: what a job calls a Listener is none. Default: none does. */
  readonly isTraced?: (pid: number) => boolean;
}

export interface FoundRunners {
  /** By root. */
  readonly runners: readonly FoundRunner[];
  readonly problems: readonly RunnerProblem[];
}

/** What is known of one directory, from all that led to it. */
interface Candidate {
  root: RunnerRoot;
  readonly sources: Set<RunnerSource>;
  readonly listeners: Listener[];
  unit: RunnerUnit | undefined;
}

/** A user may start any number of programs called Listener; more than this is no CI host. */
const mostRunners = 1000;

/**
 * Finds the runners of this host. A directory is one when it has a `.runner`, readable or not, or a
 * running Listener. What cannot be used is told as a problem; nothing is thrown for it.
 *
 * @param remembered roots of an earlier scan: each that still has its `.runner` is found again, so
 *   that a runner is known before its Listener starts, whoever starts it
 */
export function findRunners(
  places: RunnerPlaces,
  remembered: readonly string[] = [],
): FoundRunners {
  const problems: RunnerProblem[] = [];
  const report = (problem: RunnerProblem): void => void problems.push(problem);
  const users = usersByName();
  const candidates = candidatesIn(places, remembered, report);

  const { discover = true } = places;
  const wanted = candidates.filter(({ sources }) => discover || sources.has("configured"));
  const runners = wanted
    .filter((candidate) => isRunner(candidate, report))
    .map((candidate) => toRunner(candidate, users, report));
  if (runners.length > mostRunners) {
    report({ path: "/", message: `${runners.length} runners; the first ${mostRunners} are known` });
  }
  const known = runners.slice(0, mostRunners);
  return { runners: known.sort((a, b) => (a.root < b.root ? -1 : 1)), problems };
}

/** Named by people first: what users start cannot push these out. */
function candidatesIn(
  places: RunnerPlaces,
  remembered: readonly string[],
  report: (problem: RunnerProblem) => void,
): readonly Candidate[] {
  const { proc = "/proc", unit_directories = systemUnits, isTraced = () => false } = places;
  const byIdentity = new Map<string, Candidate>();
  const add = (root: RunnerRoot | undefined): Candidate | undefined => {
    if (root === undefined) return undefined;
    const identity = `${root.device}:${root.inode}`;
    const fresh = { root, sources: new Set<RunnerSource>(), listeners: [], unit: undefined };
    const candidate = byIdentity.get(identity) ?? fresh;
    byIdentity.set(identity, candidate);
    return candidate;
  };

  for (const path of places.roots) add(named(path, report))?.sources.add("configured");
  // Units and Listeners still tell more of the configured ones; trouble with others is no concern.
  const quiet = places.discover === false ? () => {} : report;
  for (const unit of runnerUnits(unit_directories, quiet)) {
    const candidate = add(named(unit.root, quiet, `${unit.path} says that a runner is there`));
    candidate?.sources.add("unit");
    if (candidate) candidate.unit ??= unit;
  }
  for (const listener of runningListeners(proc, isTraced)) {
    const candidate = add(reached(listener, quiet));
    candidate?.sources.add("listener");
    candidate?.listeners.push(listener);
  }
  for (const path of remembered) add(unmoved(path));
  return [...byIdentity.values()];
}

function named(
  path: string,
  report: (problem: RunnerProblem) => void,
  why = "the configuration says that a runner is there",
): RunnerRoot | undefined {
  try {
    return readRoot(path);
  } catch (error) {
    report({ path, message: `${why}, but: ${(error as Error).message}` });
    return undefined;
  }
}

/** By our own path where that is the same directory, for it outlives the process. */
function reached(
  listener: Listener,
  report: (problem: RunnerProblem) => void,
): RunnerRoot | undefined {
  const { process, root, is_here } = listener;
  const own = unmoved(root);
  if (is_here && own) return own;
  try {
    const theirs = readRootOf(process, root);
    const isSame = own?.inode === theirs.inode && own.device === theirs.device;
    return isSame ? own : theirs;
  } catch (error) {
    // Gone while we looked: it was no problem.
    if (!existsSync(process)) return undefined;
    const message = `its Listener runs, but the directory cannot be read: ${(error as Error).message}`;
    report({ path: `${process}/root${root}`, message });
    return undefined;
  }
}

/** The directory, if it is still what the path names without a link on its way. */
function unmoved(path: string): RunnerRoot | undefined {
  try {
    const root = readRoot(path);
    return root.path === path ? root : undefined;
  } catch {
    return undefined; // moved or removed, which ends it as a runner
  }
}

function isRunner(
  { root, sources, listeners }: Candidate,
  report: (problem: RunnerProblem) => void,
): boolean {
  if (root.has_record || listeners.length > 0) return true;
  // One that was only remembered is gone: that is no problem.
  if (sources.size > 0) report({ path: root.path, message: "no runner is configured in it" });
  return false;
}

function toRunner(
  { root, sources, listeners, unit }: Candidate,
  users: ReadonlyMap<string, number>,
  report: (problem: RunnerProblem) => void,
): FoundRunner {
  // Anybody may start the programs in a directory that is open to all.
  const listener = listeners.find((one) => one.uid === root.uid) ?? listeners[0];
  const uid = (unit && uidOf(unit.user, users)) ?? listener?.uid ?? root.uid;
  const record = isTrusted(root, [uid, listener?.uid], report) ? root.record : noRecord;
  const running = listeners.find(({ version }) => version !== null);
  return {
    root: root.path,
    root_inode: root.inode,
    root_device: root.device,
    name: record.name,
    id: record.id,
    url: record.url,
    work_folder: resolve(root.path, record.work_folder ?? "_work"),
    ephemeral: record.ephemeral,
    unit: unit?.name ?? null,
    user: nameOf(uid, unit, users),
    uid,
    version: running?.version ?? root.version,
    listener_pids: listeners.map(({ pid }) => pid),
    sources: runnerSources.filter((source) => sources.has(source)),
  };
}

/**
 * Whether the record says what the runner's own user, the directory's owner or root wrote. In a
 * directory that anybody can write to, anybody could give the runner another name.
 */
function isTrusted(
  { path, uid, record_uid, has_record, trouble }: RunnerRoot,
  others: readonly (number | undefined)[],
  report: (problem: RunnerProblem) => void,
): boolean {
  if (!has_record) return false;
  const file = `${path}/.runner`;
  if (trouble !== undefined) report({ path: file, message: `it is not used: ${trouble}` });
  if (record_uid === undefined) return false;
  const isOurs = [0, uid, ...others].includes(record_uid);
  if (!isOurs) report({ path: file, message: `it is not used: user ${record_uid} owns it` });
  return isOurs;
}

const uidOf = (user: string, users: ReadonlyMap<string, number>): number | undefined =>
  users.get(user) ?? (/^\d+$/.test(user) ? Number(user) : undefined);

/** What the unit says first: a user of a directory service is not in our file. */
function nameOf(
  uid: number,
  unit: RunnerUnit | undefined,
  users: ReadonlyMap<string, number>,
): string | null {
  if (unit && !/^\d+$/.test(unit.user)) return unit.user;
  return [...users].find(([, one]) => one === uid)?.[0] ?? null;
}

function usersByName(): ReadonlyMap<string, number> {
  const fields = passwd()
    .split("\n")
    .map((line) => line.split(":"));
  return new Map(fields.map(([name = "", , uid]) => [name, Number(uid)]));
}

function passwd(): string {
  try {
    return readFileSync("/etc/passwd", "utf8");
  } catch {
    return ""; // users then have numbers only
  }
}
