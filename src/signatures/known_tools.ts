import type { Process } from "../jobs/process.ts";
import { programOf } from "./programs.ts";

// Directories that only root writes to. A job that is root can put its own program there, too.
const isOfSystem = /^\/(usr|bin|sbin|lib|snap)\//;

/**
 * Whether a process runs one of these programs, from a directory of the system: what merely calls
 * itself so does not. One file of BusyBox is what its arguments say.
 */
export const runsOneOf = ({ path, args }: Process, names: ReadonlySet<string>): boolean =>
  isOfSystem.test(path) && names.has(programOf(path, args).name);

/** @param list names with spaces between */
export const namesOf = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** How people call the program of a process. */
export const nameOf = ({ path, args }: Process): string =>
  programOf(path, args).name || "A process";
