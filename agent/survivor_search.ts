import { opendirSync, readFileSync, readlinkSync } from "node:fs";
import type { Process } from "../src/jobs/process.ts";
import type { Residue } from "../src/jobs/residue.ts";
import { type ProcessStat, statOf } from "./proc_stat.ts";
import { findListening, type ListeningSocket } from "./socket_tables.ts";

/** A process of the job that still runs, as the kernel's own map says. */
export interface Survivor {
  readonly pid: number;
  readonly process_key: number;
}

/**
 * Survivors of a job from the entries of the kernel's `jw_processes`: a process id, and the key and
 * job of the process (struct jw_process).
 */
export function survivorsOf(entries: readonly (readonly [Buffer, Buffer])[], job: number) {
  return entries
    .filter(([, process]) => process.readUInt32LE(8) === job)
    .map(
      ([pid, process]): Survivor => ({
        pid: pid.readUInt32LE(),
        process_key: Number(process.readBigUInt64LE()),
      }),
    );
}

export interface SurvivorsQuestion {
  readonly survivors: readonly Survivor[];
  readonly processOf: (process_key: number) => Process | undefined;
  /** Unix microseconds of boot, as the tracer was told: `started_us` of processes counts from it. */
  readonly boot_us: number;
  readonly ended_us: number;
  readonly proc: string;
}

/** What was not looked at. */
export interface UnseenSurvivors {
  /** Processes beyond the bound. */
  processes: number;
  /** Those that ended before they were looked at. */
  gone: number;
  /** Descriptors beyond the bound. */
  descriptors: number;
  /** Socket tables that were not read to their end. */
  tables: number;
}

/** Processes of one job that are told one by one, and descriptors of each that are looked at. */
const toldProcesses = 1_000;
const lookedDescriptors = 4_096;

interface Holder {
  readonly survivor: Survivor;
  readonly process: Process | undefined;
  holders: number;
}

/** Sockets that survivors of one network namespace hold. */
interface Namespace {
  readonly name: string;
  readonly pids: number[];
}

/** Finds the processes that outlived a job, and the sockets on which they listen. */
export class SurvivorSearch {
  readonly residue: Residue[] = [];
  readonly unseen: UnseenSurvivors = { processes: 0, gone: 0, descriptors: 0, tables: 0 };
  readonly #question: SurvivorsQuestion;
  readonly #sockets = new Map<number, Holder>();
  readonly #namespaces = new Map<string, Namespace>();

  constructor(question: SurvivorsQuestion) {
    this.#question = question;
  }

  /** Yields wherever it can be stopped for a moment. */
  *run(): Generator<void, void> {
    const { survivors } = this.#question;
    this.unseen.processes = Math.max(0, survivors.length - toldProcesses);
    for (const survivor of survivors.slice(0, toldProcesses)) {
      yield* this.#look(survivor);
      yield;
    }
    for (const { name, pids } of this.#namespaces.values()) yield* this.#listeners(name, pids);
    // A process may have gone to another namespace after it made its socket in the host's.
    if (this.#sockets.size > 0) yield* this.#listeners("", ["self"]);
  }

  *#look(survivor: Survivor): Generator<void, void> {
    const { proc, processOf } = this.#question;
    const { pid } = survivor;
    const process = processOf(survivor.process_key);
    const before = statOf(proc, pid);
    if (!before || !this.#isSame(before, process)) {
      this.unseen.gone++;
      return;
    }
    const held: number[] = [];
    const namespace = linkOf(`${proc}/${pid}/ns/net`);
    const group = groupOf(proc, pid);
    yield* this.#socketsOf(pid, held);
    // All of it is of this process only if it was there the whole time.
    if (statOf(proc, pid)?.start_us !== before.start_us) {
      this.unseen.gone++;
      return;
    }
    this.residue.push(this.#processResidue(survivor, process, before, group));
    for (const inode of held) this.#hold(inode, { survivor, process, holders: 1 });
    if (held.length > 0) this.#noteNamespace(namespace, pid);
  }

  /**
   * Whether the process that has this id now is the one of the job. One that got the id later was
   * forked later. What the tree knows of the start is never too early.
   */
  #isSame(stat: ProcessStat, process: Process | undefined): boolean {
    if (stat.state === "Z" || stat.state === "X") return false;
    if (!process) return true; // forgotten by the tree; its id comes from the kernel all the same
    return this.#question.boot_us + stat.start_us <= process.started_us + startSlackUs;
  }

  *#socketsOf(pid: number, held: number[]): Generator<void, void> {
    const folder = `${this.#question.proc}/${pid}/fd`;
    let looked = 0;
    for (const name of namesIn(folder)) {
      if (++looked > lookedDescriptors) {
        this.unseen.descriptors++;
        return;
      }
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`))?.[1];
      if (inode !== undefined) held.push(Number(inode));
      if (looked % descriptorsAtOnce === 0) yield;
    }
  }

  #hold(inode: number, holder: Holder): void {
    const known = this.#sockets.get(inode);
    if (known) known.holders++;
    else this.#sockets.set(inode, holder);
  }

  #noteNamespace(name: string, pid: number): void {
    const known = this.#namespaces.get(name);
    if (!known) this.#namespaces.set(name, { name, pids: [pid] });
    else if (known.pids.length < pidsOfNamespace) known.pids.push(pid);
  }

  /** The first of these processes that is still there shows the tables. */
  *#listeners(namespace: string, pids: readonly (number | string)[]): Generator<void, void> {
    const { proc } = this.#question;
    const isHere = (pid: number | string) =>
      namespace === "" || linkOf(`${proc}/${pid}/ns/net`) === namespace;
    const pid = pids.find(isHere);
    if (pid === undefined) return;
    this.unseen.tables += yield* findListening(
      `${proc}/${pid}/net`,
      this.#sockets,
      (inode, socket) => this.#found(inode, socket, namespace),
    );
  }

  #found(inode: number, { protocol, address }: ListeningSocket, namespace: string): void {
    const holder = this.#sockets.get(inode);
    if (!holder) return;
    this.#sockets.delete(inode);
    const { survivor, process, holders } = holder;
    this.residue.push({
      kind: "listener",
      what: `listens on ${protocol} ${address}`,
      process_key: survivor.process_key,
      pid: survivor.pid,
      path: protocol === "unix" && !address.startsWith("@") ? address : "",
      detail: {
        ...{ protocol, address, inode, holders, program: process?.path ?? "" },
        network_namespace: namespace,
      },
      time_us: this.#question.ended_us,
    });
  }

  #processResidue(
    { pid, process_key }: Survivor,
    process: Process | undefined,
    { parent_pid }: ProcessStat,
    group: string,
  ): Residue {
    const { path = "", args = [], cwd = "", started_us = this.#question.ended_us } = process ?? {};
    const words = args.length > 0 ? args.join(" ") : path;
    return {
      kind: "process",
      what: process ? `still runs: ${shortened(words)}` : "still runs, and is not remembered",
      ...{ process_key, pid, path },
      detail: { args: args.map(shortened), cwd, parent_pid, group },
      time_us: started_us,
    };
  }
}

// One tick, and what the two clocks of the measurement of boot_us were apart.
const startSlackUs = 10_000;
const descriptorsAtOnce = 256;
const pidsOfNamespace = 8;
const longestWords = 300;

const shortened = (text: string): string =>
  text.length <= longestWords ? text : `${text.slice(0, longestWords)}…`;

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // closed, or ended
  }
}

/** One by one: a process may have a million descriptors. */
function* namesIn(folder: string): Generator<string> {
  try {
    const directory = opendirSync(folder);
    try {
      for (let entry = directory.readSync(); entry; entry = directory.readSync()) yield entry.name;
    } finally {
      directory.closeSync();
    }
  } catch {
    // It has ended; the caller sees that.
  }
}

/** Its v2 control group. */
function groupOf(proc: string, pid: number): string {
  try {
    const lines = readFileSync(`${proc}/${pid}/cgroup`, "utf8").split("\n");
    return lines.find((line) => line.startsWith("0::"))?.slice("0::".length) ?? "";
  } catch {
    return "";
  }
}
