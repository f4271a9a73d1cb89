import type { EventNamed, JobEvent } from "../events/index.ts";
import { FinishedQueue } from "./finished_queue.ts";
import type { Process } from "./process.ts";

/** A process with a place for the row that the store gave it; 0 before that. */
export interface TrackedProcess extends Process {
  row: number;
}

/** What is known of a process that was found running. */
export type FoundProcess = Pick<
  Process,
  "process_key" | "parent_key" | "pid" | "started_us" | "path"
>;

export interface ProcessTreeOptions {
  /** Processes remembered at once. Default: 65,536. */
  readonly limit?: number;
  /** Takes secrets out of arguments before they are remembered. Default: they stay as they are. */
  readonly redact?: (args: readonly string[]) => readonly string[];
  /** Called with each process that is new or whose fields changed, so that it can be stored. */
  readonly onChange?: (process: TrackedProcess) => void;
}

/**
 * The processes of one job, as its events tell. Rare events come in order; bulk events may come
 * earlier or later than the rare ones around them, and any record may be lost.
 */
export class ProcessTree {
  readonly #limit: number;
  readonly #redact: (args: readonly string[]) => readonly string[];
  readonly #onChange: (process: TrackedProcess) => void;
  readonly #processes = new Map<number, Entry>();
  readonly #finished = new FinishedQueue<Entry>();
  /**
   * Kept for the life of the tree: a new iterator would first walk over all that was deleted at the
   * front. Whatever it has passed was deleted or moved to the end, so it misses nothing.
   */
  readonly #by_age = this.#processes.values();
  #live = 0;
  #total = 0;
  #evicted = 0;

  constructor({ limit = 65_536, redact, onChange }: ProcessTreeOptions = {}) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`a process tree needs room for one process or more, not ${limit}`);
    }
    this.#limit = limit;
    this.#redact = redact ?? ((args) => args);
    this.#onChange = onChange ?? (() => {});
  }

  /** Processes that run, of those remembered. */
  get live(): number {
    return this.#live;
  }

  /** Processes seen; one that was evicted and then did something counts again. */
  get total(): number {
    return this.#total;
  }

  /** Processes remembered now. */
  get size(): number {
    return this.#processes.size;
  }

  /** Processes forgotten to make room. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Those remembered now. */
  all(): IterableIterator<TrackedProcess> {
    return this.#processes.values();
  }

  get(process_key: number): TrackedProcess | undefined {
    return this.#processes.get(process_key);
  }

  /** The ancestors that are known, the parent first. */
  ancestry(process_key: number): readonly TrackedProcess[] {
    const found = new Set<Entry>();
    const self = this.#processes.get(process_key);
    let next = self && this.#processes.get(self.parent_key);
    while (next && next !== self && !found.has(next)) {
      found.add(next);
      next = this.#processes.get(next.parent_key);
    }
    return [...found];
  }

  /**
   * Takes in what an event says about processes.
   * @returns the process that the event is about; undefined when that is not of the job, as with
   *   a cgroup move made from outside
   */
  apply(event: JobEvent): TrackedProcess | undefined {
    const acting = event.process_key === 0 ? undefined : this.#known(event.process_key, event);
    switch (event.event) {
      case "process_fork":
        this.#fork(event, acting);
        break;
      case "process_exec":
        if (acting) this.#exec(event, acting);
        break;
      case "process_exit":
        if (acting) this.#exit(event, acting);
        break;
      case "cgroup_move":
        this.#move(event);
        break;
    }
    return acting;
  }

  /** Takes in a process whose start no event tells: it ran before the job was traced. */
  found({ process_key, parent_key, pid, started_us, path }: FoundProcess): void {
    const known = this.#processes.get(process_key);
    if (known?.is_start_known) return;
    const process = known ?? this.#add(new Entry(process_key, started_us));
    process.started_us = started_us;
    process.is_start_known = true;
    process.pid = pid;
    if (process.execs === 0) process.path = path;
    this.#adopt(process, parent_key);
    this.#onChange(process);
  }

  /** The process of that key; when no fork of it was seen yet, a placeholder. */
  #known(process_key: number, { time_us }: JobEvent): Entry {
    const known = this.#processes.get(process_key);
    if (!known) return this.#add(new Entry(process_key, time_us));
    if (!known.is_start_known && time_us < known.started_us) {
      known.started_us = time_us;
      this.#onChange(known);
    }
    return known;
  }

  #fork(event: EventNamed<"process_fork">, forker: Entry | undefined): void {
    const { child_key, parent_key, child_pid, time_us } = event;
    const child = this.#processes.get(child_key) ?? this.#add(new Entry(child_key, time_us));
    child.started_us = time_us;
    child.is_start_known = true;
    child.pid = child_pid;
    child.step_key = event.step_key;
    // With CLONE_PARENT the parent is another, but the program is a copy of the forker's.
    if (child.execs === 0 && forker) child.copyProgram(forker);
    this.#adopt(child, parent_key);
    this.#onChange(child);
  }

  #exec(event: EventNamed<"process_exec">, process: Entry): void {
    process.pid = event.pid;
    process.step_key = event.step_key;
    process.path = event.path;
    process.args = this.#redact(event.args);
    process.cwd = event.cwd;
    process.execs++;
    this.#adopt(process, event.parent_key);
    this.#onChange(process);
  }

  #exit({ time_us }: EventNamed<"process_exit">, process: Entry): void {
    if (process.ended_us !== undefined) return;
    process.ended_us = time_us;
    this.#live--;
    this.#finishFrom(process);
    this.#onChange(process);
  }

  #move(event: EventNamed<"cgroup_move">): void {
    if (event.moved_key === 0) return;
    const moved = this.#known(event.moved_key, event);
    // What moves may be a thread, whose id is no process id; a joining process brings its first.
    if (moved.pid !== 0 || event.joined === "no") return;
    moved.pid = event.moved_pid;
    this.#onChange(moved);
  }

  #add(entry: Entry): Entry {
    this.#processes.set(entry.process_key, entry);
    this.#live++;
    this.#total++;
    if (this.#processes.size > this.#limit) this.#evict(entry);
    this.#onChange(entry);
    return entry;
  }

  #adopt(child: Entry, parent_key: number): void {
    // The fork knows best, and is the first to tell: an orphan's parent is later another process.
    if (parent_key === 0 || child.parent_key !== 0) return;
    child.parent_key = parent_key;
    const parent = this.#processes.get(parent_key);
    if (!parent || parent === child) return;
    child.held = parent;
    if (!child.is_finished) hold(parent);
  }

  /** An ended process without living descendants is finished, and with it perhaps its ancestors. */
  #finishFrom(process: Entry): void {
    let next: Entry | undefined = process;
    while (next && next.ended_us !== undefined && next.holds === 0 && !next.is_finished) {
      next.is_finished = true;
      if (!next.is_evicted) this.#finished.push(next);
      next = next.held;
      if (next) next.holds--;
    }
  }

  #evict(newcomer: Entry): void {
    const victim = this.#finished.shift() ?? this.#unfinishedVictim(newcomer);
    this.#processes.delete(victim.process_key);
    this.#evicted++;
    victim.is_evicted = true;
    if (victim.ended_us === undefined) this.#live--;
    const { held, is_finished } = victim;
    // Cut, or a chain of processes that each fork and exit would stay in memory for ever.
    victim.held = undefined;
    if (!held || is_finished) return;
    held.holds--;
    this.#finishFrom(held);
  }

  /** Among the oldest, one on which no other depends, or which has ended; else the oldest. */
  #unfinishedVictim(newcomer: Entry): Entry {
    let victim = newcomer;
    for (let tries = 0; tries < victimTries; tries++) {
      const { value } = this.#by_age.next();
      if (!value) break;
      if (value !== newcomer) victim = value;
      if (victim === value && (value.ended_us !== undefined || value.holds === 0)) break;
      this.#processes.delete(value.process_key);
      this.#processes.set(value.process_key, value);
    }
    return victim;
  }
}

// Keeps an eviction at constant cost, also in a job that is one chain of living processes.
const victimTries = 8;

class Entry implements TrackedProcess {
  readonly process_key: number;
  started_us: number;
  parent_key = 0;
  step_key = 0;
  pid = 0;
  ended_us: number | undefined = undefined;
  path = "";
  args: readonly string[] = [];
  cwd = "";
  execs = 0;
  row = 0;
  is_start_known = false;
  is_finished = false;
  is_evicted = false;
  is_queued = false;
  /** Children that are not finished. */
  holds = 0;
  /** The parent that counts this process among its holds, until it is finished. */
  held: Entry | undefined = undefined;

  constructor(process_key: number, started_us: number) {
    this.process_key = process_key;
    this.started_us = started_us;
  }

  copyProgram({ path, args, cwd }: Process): void {
    this.path = path;
    this.args = args;
    this.cwd = cwd;
  }
}

/** A finished process that gets a child, because a fork came late, is not finished any more. */
function hold(parent: Entry): void {
  let next: Entry | undefined = parent;
  while (next) {
    next.holds++;
    if (!next.is_finished) return;
    next.is_finished = false;
    next = next.held;
  }
}
