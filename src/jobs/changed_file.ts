import type { Place } from "./places.ts";

/** `opened`: for writing, and no write was seen, which is less than a change. */
export type ChangeHow =
  | "opened"
  | "created"
  | "written"
  | "truncated"
  | "mode_changed"
  | "renamed"
  | "linked"
  | "symlinked"
  | "removed";

/** One name of a file that the job changed, as the last event about it told. */
export interface ChangedFile {
  /** The last name. When `unresolved`, links in it were not followed, and so its place is a guess. */
  readonly path: string;
  /** 0 when no event told it: a rename, a link, a new mode do not. */
  readonly inode: number;
  /** major << 20 | minor; 0 when no event told it. */
  readonly device: number;
  /** Who changed it last. */
  readonly process_key: number;
  /** Unix microseconds of the last change. */
  readonly time_us: number;
  readonly how: ChangeHow;
  /** The old name, the existing name of a hard link, or what a symbolic link holds; else empty. */
  readonly origin: string;
  /** Whether the name was there before the job; a rename does not tell. */
  readonly was_there: "no" | "yes" | "unknown";
  readonly place: Place;
  readonly unresolved: boolean;
  /** Changed by a process of another mount namespace: on the host the name may be another file. */
  readonly foreign: boolean;
  /** Its last known mode lets it run as its owner or group, wherever it is. */
  readonly set_id: boolean;
  /** Only the runner wrote it, or what the runner is made for: see `isRunnersOwn`. */
  readonly expected: boolean;
}

/** Where changes are kept apart, so that many of one kind displace none of another. */
export const shelfNames = ["named", "host", "runner", "system", "foreign", "rest"] as const;
export type ShelfName = (typeof shelfNames)[number];

/**
 * `named` paths are a fixed number. `host` are units, crontabs, dotfiles, set-id programs and the
 * like; `runner` the runner's own. What is `foreign` or expected is not among these.
 */
export function shelfOf({ place, unresolved, foreign, expected, set_id }: ChangedFile): ShelfName {
  if (foreign) return "foreign";
  if (set_id) return "host";
  if (place.kind === "runner_file" && expected) return "rest";
  if (place.named) return "named";
  if (place.kind === "runner_file") return place.lasting ? "runner" : "rest";
  if (place.lasting || unresolved) return "host";
  return place.kind === "system" ? "system" : "rest";
}
