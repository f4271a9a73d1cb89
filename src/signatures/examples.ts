import type { Samples } from "../engine/signature.ts";
import { baseName } from "./base_name.ts";

/*
 * Samples that examples of signatures are made of. Processes by key: 1 is the job's first, 2 its
 * child, and so on; the pid is 100 more.
 */

type Exec = Samples & { readonly event: "process_exec" };

/** A program with its arguments, without the first, which is its name. */
export const started = (process_key: number, path: string, ...args: readonly string[]): Exec => ({
  event: "process_exec",
  process_key,
  parent_key: process_key - 1,
  pid: 100 + process_key,
  path,
  called_as: path,
  cwd: "/w",
  args: [baseName(path), ...args],
});

export const wrote = (process_key: number, path: string, inode = 0): Samples => ({
  event: "file_write",
  process_key,
  path,
  inode,
});

export const renamed = (process_key: number, path: string, new_path: string): Samples => ({
  event: "file_rename",
  process_key,
  path,
  new_path,
});

export const created = (process_key: number, path: string): Samples => ({
  event: "file_open",
  process_key,
  path,
  access: "write",
  created: "yes",
});

export const read = (process_key: number, path: string): Samples => ({
  event: "file_open",
  process_key,
  path,
  access: "read",
});

export const removed = (process_key: number, path: string): Samples => ({
  event: "file_unlink",
  process_key,
  path,
});
