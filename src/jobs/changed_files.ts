import type { EventNamed, JobEvent } from "../events/index.ts";
import { recordFlags } from "../events/schema.ts";
import { type ChangedFile, type ChangeHow, type ShelfName, shelfNames } from "./changed_file.ts";
import { FileIndex, type Touched } from "./file_index.ts";
import { ForeignProcesses } from "./foreign_processes.ts";
import type { Places } from "./places.ts";
import type { WriterRole } from "./runner_writes.ts";

export interface ChangedFilesOptions {
  readonly places: Places;
  /** Inode of the host's mount namespace. Default: not known, and every path counts as the host's. */
  readonly host_mount_namespace?: number;
  /** Asked when a runner file changes. Default: not known. */
  readonly roleOf?: (process_key: number) => WriterRole;
  readonly limits?: Partial<Readonly<Record<ShelfName, number>>>;
  /** Remembered files that all renames of directories together may look at. Default: 4 million. */
  readonly rename_visits?: number;
}

/** What is not remembered of a job's changes. */
export interface ForgottenChanges {
  /** Files dropped to make room, by shelf. */
  readonly dropped: Readonly<Record<ShelfName, number>>;
  /** Renamed directories whose files were not looked for: they stay under the old name. */
  readonly directories: number;
  /** Changes whose path was cut or could not be read. */
  readonly unplaced: number;
}

/**
 * Which files a job changed, from its events. Whether they are still there is for the agent to see
 * when the job has ended. A file that the job made and removed is kept where it matters, because
 * an open that repeats an earlier one is folded away and not seen here; elsewhere it is forgotten.
 */
export class ChangedFiles {
  readonly #index: FileIndex;
  readonly #foreign: ForeignProcesses;
  #unplaced = 0;

  constructor(options: ChangedFilesOptions) {
    this.#index = new FileIndex(options);
    this.#foreign = new ForeignProcesses(options.host_mount_namespace ?? 0);
  }

  /** From now on; what is known of files stays. */
  set places(places: Places) {
    this.#index.places = places;
  }

  get size(): number {
    return this.#index.size;
  }

  get forgotten(): ForgottenChanges {
    const { dropped, directories } = this.#index;
    return { dropped, directories, unplaced: this.#unplaced };
  }

  /** Whether the process sees other mounts than the host, so that its paths are not the host's. */
  isForeign(process_key: number): boolean {
    return this.#foreign.has(process_key);
  }

  get(path: string): ChangedFile | undefined {
    return this.#index.get(path);
  }

  /** By shelf, `named` first; on a shelf the oldest first. */
  *files(): Generator<ChangedFile> {
    for (const name of shelfNames) yield* this.#index.onShelf(name);
  }

  apply(event: JobEvent): void {
    switch (event.event) {
      case "file_open":
        this.#open(event);
        break;
      case "file_write":
        this.#write(event);
        break;
      case "file_rename":
        this.#rename(event);
        break;
      case "file_unlink":
        this.#unlink(event);
        break;
      case "file_chmod":
        this.#touch(event, event.path, "mode_changed");
        break;
      case "file_truncate":
        this.#touch(event, event.path, "truncated");
        break;
      case "file_symlink":
        this.#name(event, event.path, event.target, "symlinked");
        break;
      case "file_link":
        this.#link(event);
        break;
      case "process_fork":
      case "process_exec":
      case "process_exit":
        this.#foreign.apply(event);
        break;
    }
  }

  #open(event: EventNamed<"file_open">): void {
    if (event.access === "read" || event.access === "none") {
      if (event.created === "no") return;
    }
    if (!isRegular(event.mode) || event.flags & recordFlags.nameless) return;
    this.#touch(event, event.path, event.created === "yes" ? "created" : "opened", event);
  }

  #write(event: EventNamed<"file_write">): void {
    if (!isRegular(event.mode) || event.flags & recordFlags.nameless) return;
    this.#touch(event, event.path, "written", event);
  }

  #rename(event: EventNamed<"file_rename">): void {
    if (!this.#isPlaced(event.path) || !this.#isPlaced(event.new_path)) return;
    const touched = this.#touched(event);
    if (event.rename_flags & exchange) this.#index.exchange(event.path, event.new_path, touched);
    else this.#index.rename(event.path, event.new_path, touched);
  }

  #unlink(event: EventNamed<"file_unlink">): void {
    if (!this.#isPlaced(event.path)) return;
    this.#index.remove(event.path, this.#touched(event));
  }

  #link(event: EventNamed<"file_link">): void {
    this.#name(event, event.new_path, event.path, "linked", this.#index.get(event.path));
  }

  /** A name that the kernel made: it was not there. */
  #name(
    event: EventNamed<"file_link" | "file_symlink">,
    path: string,
    origin: string,
    how: ChangeHow,
    file?: FileIdentity,
  ): void {
    if (!this.#isPlaced(path)) return;
    this.#index.name(path, origin, how, this.#touched(event), file);
  }

  #touch(event: JobEvent, path: string, how: ChangeHow, file?: FileIdentity): void {
    if (this.#isPlaced(path)) this.#index.touch(path, how, this.#touched(event), file);
  }

  #touched(event: JobEvent): Touched {
    const { process_key, time_us, flags } = event;
    return {
      process_key,
      time_us,
      unresolved: (flags & unsure) !== 0,
      foreign: this.#foreign.has(process_key),
      ...("mode" in event && { mode: event.mode }),
    };
  }

  #isPlaced(path: string): boolean {
    if (path.startsWith("/")) return true;
    this.#unplaced++;
    return false;
  }
}

interface FileIdentity {
  readonly inode: number;
  readonly device: number;
}

/** Type bits of a mode; what goes to a device or a pipe changes no file. */
const isRegular = (mode: number): boolean => (mode & 0o170000) === 0o100000;
const exchange = 2; // RENAME_EXCHANGE
const unsure = recordFlags.unresolved | recordFlags.from_caller;
