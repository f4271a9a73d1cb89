import type { EventNamed, JobEvent } from "../events/index.ts";
import type { CrossJobEdge, HeirHow, WrittenFile } from "./edge.ts";

/** A use of a file that seems to be one that an earlier job left; the agent must prove it. */
export interface HeirCandidate {
  readonly edge: CrossJobEdge;
  readonly written: WrittenFile;
}

export interface FileHeirsOptions {
  /** Files of all earlier jobs together. Default: 65,536. */
  readonly limit?: number;
  /** Candidates of one job that were executed or loaded. Default: 512. */
  readonly executed_limit?: number;
  /** Candidates of one job that were read. Default: 128. */
  readonly read_limit?: number;
}

/**
 * Notices that a job uses a file which another job, that has ended, wrote. Files are found by device
 * and inode, which may be used again: so what is found here is a candidate, and no edge before
 * `isSameFile` in the agent has said so.
 */
export class FileHeirs {
  readonly #limit: number;
  readonly #executedLimit: number;
  readonly #readLimit: number;
  /** Device, then inode: no key has to be made for a look. */
  readonly #byDevice = new Map<number, Map<number, WrittenFile>>();
  /** The oldest first. */
  readonly #files = new Set<WrittenFile>();
  /** Kept: a new iterator would first walk over all that was taken away at the front. */
  readonly #by_age = this.#files.values();
  readonly #jobs = new Map<number, JobUses>();
  #dropped = 0;

  constructor(options: FileHeirsOptions = {}) {
    this.#limit = options.limit ?? 65_536;
    this.#executedLimit = options.executed_limit ?? 512;
    this.#readLimit = options.read_limit ?? 128;
  }

  get size(): number {
    return this.#files.size;
  }

  /** Written files that were forgotten to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Uses by that job that were not told because it had too many. */
  suppressedOf(job: number): number {
    return this.#jobs.get(job)?.suppressed ?? 0;
  }

  /** What a job left, when it has ended; at the agent's start what the database has, oldest first. */
  remember(files: Iterable<WrittenFile>): void {
    for (const file of files) this.#add(file);
  }

  /** The job has ended: what it used is no more remembered. */
  forgetUses(job: number): void {
    this.#jobs.delete(job);
  }

  /**
   * @param job the job of the event in the database, as in `WrittenFile.job`
   * @returns a candidate, once for each file and way of using it
   */
  apply(job: number, event: JobEvent): HeirCandidate | undefined {
    switch (event.event) {
      case "file_open":
        if (event.access === "write") return undefined;
        return this.#use(job, event, event.path);
      case "process_exec":
        this.#noteScript(job, event);
        return this.#use(job, event, event.path);
      default:
        return undefined;
    }
  }

  #use(
    job: number,
    event: EventNamed<"file_open" | "process_exec">,
    path: string,
  ): HeirCandidate | undefined {
    const written = this.#byDevice.get(event.device)?.get(event.inode);
    // Nearly always it ends here. A job may also use what it wrote itself.
    if (!written || written.job === job || written.path !== path) return undefined;
    const uses = this.#usesOf(job);
    const how = event.event === "process_exec" ? "executed" : opened(path, event, uses);
    const key = `${how} ${path}`;
    if (uses.told.has(key)) return undefined;
    if (uses[how] >= (how === "read" ? this.#readLimit : this.#executedLimit)) {
      uses.suppressed++;
      return undefined;
    }
    uses.told.add(key);
    uses[how]++;
    const { process_key, time_us } = event;
    const edge = { job, other_job: written.job, path, how, process_key, time_us };
    return { edge, written };
  }

  /** The kernel executes the interpreter of a script; the interpreter then opens the script. */
  #noteScript(job: number, { process_key, path, called_as }: EventNamed<"process_exec">): void {
    const name = nameOf(called_as);
    const scripts = this.#jobs.get(job)?.scripts;
    if (name === "" || name === nameOf(path)) {
      scripts?.delete(process_key);
      return;
    }
    const all = scripts ?? this.#usesOf(job).scripts;
    if (all.size >= rememberedScripts) all.clear();
    all.set(process_key, name);
  }

  #usesOf(job: number): JobUses {
    const known = this.#jobs.get(job);
    if (known) return known;
    const uses: JobUses = {
      ...{ told: new Set(), scripts: new Map(), executed: 0, loaded: 0, read: 0, suppressed: 0 },
    };
    this.#jobs.set(job, uses);
    return uses;
  }

  #add(file: WrittenFile): void {
    const inodes = this.#byDevice.get(file.device) ?? new Map<number, WrittenFile>();
    this.#byDevice.set(file.device, inodes);
    const before = inodes.get(file.inode);
    if (before) this.#files.delete(before);
    inodes.set(file.inode, file);
    this.#files.add(file);
    if (this.#files.size > this.#limit) this.#dropOldest();
  }

  #dropOldest(): void {
    const { value, done } = this.#by_age.next();
    if (done) return;
    this.#files.delete(value);
    const inodes = this.#byDevice.get(value.device);
    inodes?.delete(value.inode);
    if (inodes?.size === 0) this.#byDevice.delete(value.device);
    this.#dropped++;
  }
}

interface JobUses {
  readonly told: Set<string>;
  /** Process to the name of the script that it runs. */
  readonly scripts: Map<number, string>;
  executed: number;
  loaded: number;
  read: number;
  suppressed: number;
}

const rememberedScripts = 8_192;

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** By names, which are hints: of the script that the process runs, of a library. */
function opened(path: string, { process_key }: JobEvent, { scripts }: JobUses): HeirHow {
  const name = nameOf(path);
  if (scripts.get(process_key) === name) return "executed";
  return isLibrary.test(name) ? "loaded" : "read";
}
const isLibrary = /\.(so(\.[\d.]+)?|node|jar|dll|dylib|wasm|py[co]?|[cm]?js|rb|pl|pm|class)$/;
