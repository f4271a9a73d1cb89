import type { EventNamed } from "../events/index.ts";

/** By which a file comes to have other content under its name. */
export const changingEvents = [
  "file_open",
  "file_write",
  "file_rename",
  "file_link",
  "file_symlink",
] as const;
export type ChangingEvent = EventNamed<(typeof changingEvents)[number]>;

/**
 * The name under which something else is found after the event; undefined for an open that only
 * reads. An open for writing counts as it is: a clone of another file's blocks is no write.
 */
export function changedPath(event: ChangingEvent): string | undefined {
  switch (event.event) {
    case "file_open":
      return event.access === "read" || event.access === "none" ? undefined : event.path;
    case "file_write":
    case "file_symlink":
      return event.path;
    case "file_rename":
    case "file_link":
      return event.new_path;
  }
}

/** For the reader: "Process 7 … /etc/crontab". */
export const verbOf = (event: ChangingEvent): string => verbs[event.event];
const verbs = {
  file_open: "opened for writing",
  file_write: "wrote",
  file_rename: "put a file in place of",
  file_link: "made a link",
  file_symlink: "made a link",
} as const satisfies Record<ChangingEvent["event"], string>;
