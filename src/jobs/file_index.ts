import {
  type ChangedFile,
  type ChangeHow,
  type ShelfName,
  shelfNames,
  shelfOf,
} from "./changed_file.ts";
import type { ChangedFilesOptions } from "./changed_files.ts";
import type { Places } from "./places.ts";
import { isRunnersOwn, type WriterRole } from "./runner_writes.ts";
import { Shelf } from "./shelf.ts";

/** Who changed a file, and what is known of its path. */
export interface Touched {
  readonly process_key: number;
  readonly time_us: number;
  readonly unresolved: boolean;
  readonly foreign: boolean;
  /** The file's mode after, when the event tells. */
  readonly mode?: number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Entry = Writable<ChangedFile> & { shelf: ShelfName };

/** Changed files by their path, each on the shelf of its kind. */
export class FileIndex {
  places: Places;
  readonly #roleOf: (process_key: number) => WriterRole;
  readonly #entries = new Map<string, Entry>();
  readonly #shelves: Readonly<Record<ShelfName, Shelf<Entry>>>;
  #visits: number;
  #directories = 0;

  constructor({ places, roleOf, limits, rename_visits = 4_000_000 }: ChangedFilesOptions) {
    this.places = places;
    this.#roleOf = roleOf ?? (() => "unknown");
    this.#visits = rename_visits;
    const sizes = { ...usualLimits, ...limits };
    this.#shelves = byShelf((name) => new Shelf<Entry>(sizes[name]));
  }

  get size(): number {
    return this.#entries.size;
  }

  get dropped(): Readonly<Record<ShelfName, number>> {
    return byShelf((name) => this.#shelves[name].dropped);
  }

  /** Renamed directories whose files were not looked for. */
  get directories(): number {
    return this.#directories;
  }

  get(path: string): ChangedFile | undefined {
    return this.#entries.get(path);
  }

  onShelf(name: ShelfName): Iterable<ChangedFile> {
    return this.#shelves[name].values();
  }

  /** Something was done to the file of that name. */
  touch(path: string, how: ChangeHow, by: Touched, file: Identity = unknownFile): void {
    const known = this.#entries.get(path);
    const entry = known ?? newEntry(path, how === "created" ? "no" : "yes", this.places);
    if (!known || says(how, entry.how)) entry.how = how;
    this.#settle(entry, by, file);
  }

  /** A name came to be that was not there. */
  name(path: string, origin: string, how: ChangeHow, by: Touched, file: Identity = unknownFile) {
    const entry = this.#entries.get(path) ?? newEntry(path, "no", this.places);
    Object.assign(entry, { how, origin, inode: 0, device: 0 });
    this.#settle(entry, by, file);
  }

  remove(path: string, by: Touched): void {
    const known = this.#entries.get(path);
    // What was there before the job and matters to nobody is not worth its place.
    if (!known && !this.places.of(path).lasting) return;
    const entry = known ?? newEntry(path, "yes", this.places);
    const matters = entry.was_there !== "no" && entry.place.lasting;
    if (!matters && passing.has(shelfOf(entry))) {
      this.#forget(entry);
      return;
    }
    entry.how = "removed";
    this.#settle(entry, by, unknownFile);
  }

  rename(path: string, new_path: string, by: Touched): void {
    if (path === new_path) return;
    const old = this.#entries.get(path);
    // Only files are opened for writing, so what has an inode is one.
    if (!old?.inode) this.#moveBelow(path, new_path);
    const replaced = this.#entries.get(new_path);
    const entry = replaced ?? newEntry(new_path, "unknown", this.places);
    const { inode = 0, device = 0, set_id = false } = old ?? {};
    Object.assign(entry, { how: "renamed", origin: path, inode, device, set_id });
    this.#settle(entry, by, unknownFile);
    this.remove(path, by);
  }

  exchange(path: string, other: string, by: Touched): void {
    const [one, two] = [this.#entries.get(path), this.#entries.get(other)];
    const identities = [one, two].map((entry) => ({
      inode: entry?.inode ?? 0,
      device: entry?.device ?? 0,
    }));
    if (!one && !two) this.#directories++; // perhaps
    // Both names are there before and after.
    for (const [name, origin, identity] of [
      [path, other, identities[1]],
      [other, path, identities[0]],
    ] as const) {
      const entry = this.#entries.get(name) ?? newEntry(name, "yes", this.places);
      Object.assign(entry, { how: "renamed", origin, ...identity });
      this.#settle(entry, by, unknownFile);
    }
  }

  /** What was renamed may be a directory: nothing in the event says so. */
  #moveBelow(path: string, new_path: string): void {
    if (this.#entries.size > this.#visits) {
      this.#directories++;
      return;
    }
    this.#visits -= this.#entries.size;
    const above = `${path}/`;
    const below = [...this.#entries.values()].filter((entry) => entry.path.startsWith(above));
    for (const entry of below) {
      this.#forget(entry);
      entry.path = `${new_path}/${entry.path.slice(above.length)}`;
      entry.place = this.places.of(entry.path);
      entry.expected = true;
      const { process_key, time_us, unresolved, foreign } = entry;
      this.#settle(entry, { process_key, time_us, unresolved, foreign }, unknownFile);
    }
  }

  /** Brings an entry up to date and puts it on its shelf. */
  #settle(entry: Entry, by: Touched, file: Identity): void {
    const isKnown = this.#entries.get(entry.path) === entry;
    entry.process_key = by.process_key;
    entry.time_us = by.time_us;
    if (file.inode !== 0) Object.assign(entry, { inode: file.inode, device: file.device });
    entry.unresolved ||= by.unresolved;
    if (by.mode !== undefined) entry.set_id = (by.mode & setIdBits) !== 0;
    entry.foreign = by.foreign && (!isKnown || entry.foreign);
    entry.expected &&= this.#isExpected(entry);
    const shelf = shelfOf(entry);
    if (isKnown && shelf === entry.shelf) return;
    if (isKnown) this.#shelves[entry.shelf].delete(entry);
    else {
      const other = this.#entries.get(entry.path);
      if (other) this.#forget(other);
    }
    entry.shelf = shelf;
    this.#entries.set(entry.path, entry);
    const dropped = this.#shelves[shelf].add(entry);
    if (dropped) this.#entries.delete(dropped.path);
  }

  #isExpected({ place, process_key, was_there }: Entry): boolean {
    if (!place.part) return false;
    return isRunnersOwn(place.part, this.#roleOf(process_key), was_there === "no");
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.path);
    this.#shelves[entry.shelf].delete(entry);
  }
}

const setIdBits = 0o6000;

interface Identity {
  readonly inode: number;
  readonly device: number;
}
const unknownFile: Identity = { inode: 0, device: 0 };

/** Together at most about 7 MiB a job, with paths of usual length. */
const usualLimits: Readonly<Record<ShelfName, number>> = {
  named: 1_024,
  host: 4_096,
  runner: 4_096,
  system: 2_048,
  foreign: 2_048,
  rest: 6_144,
};

/** Of these, what the job made and removed is forgotten, and what matters to nobody. */
const passing: ReadonlySet<ShelfName> = new Set(["rest", "foreign"]);

function byShelf<T>(make: (name: ShelfName) => T): Record<ShelfName, T> {
  // Every name is there; fromEntries does not say so.
  return Object.fromEntries(shelfNames.map((name) => [name, make(name)])) as Record<ShelfName, T>;
}

const newEntry = (path: string, was_there: Entry["was_there"], places: Places): Entry => ({
  ...{ path, inode: 0, device: 0, process_key: 0, time_us: 0, how: "opened", origin: "" },
  ...{ was_there, place: places.of(path), unresolved: false, foreign: false, set_id: false },
  expected: true,
  shelf: "rest",
});

/** Whether a change says more than what is known: that a file was created says more than a write. */
function says(how: ChangeHow, known: ChangeHow): boolean {
  if (known === "removed" || how === "created") return true;
  return strength[how] > strength[known];
}
const strength: Readonly<Record<ChangeHow, number>> = {
  opened: 0,
  mode_changed: 1,
  truncated: 2,
  written: 2,
  created: 3,
  renamed: 3,
  linked: 3,
  symlinked: 3,
  removed: 3,
};
