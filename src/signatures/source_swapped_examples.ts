import type { Sequences } from "../engine/signature.ts";
import { created, read, removed, renamed, started, wrote } from "./examples.ts";

const shell = started(1, "/usr/bin/dash", "build.sh");
const file = "/w/a.c";
const compiles = [started(3, "/usr/lib/gcc/x86_64-linux-gnu/12/cc1", "a.c"), read(3, file)];
const copies = (process_key: number, from: string) => [
  started(process_key, "/usr/bin/cp", from, "a.c"),
  wrote(process_key, file),
];
const moves = (process_key: number, from: string, to: string) => [
  started(process_key, "/usr/bin/mv", from, to),
  renamed(process_key, from, to),
];

export const fires: Sequences = [
  // Moved aside, replaced, compiled, and moved back.
  [shell, ...moves(2, file, "/tmp/b"), created(1, file), ...compiles, ...moves(4, "/tmp/b", file)],
  [shell, ...copies(2, "/tmp/evil"), ...compiles, ...copies(4, "/tmp/b")],
  [shell, ...moves(2, "/tmp/evil.c", file), ...compiles, ...moves(4, "/tmp/b", file)],
];

export const silent: Sequences = [
  [shell, ...copies(2, "/tmp/x"), ...compiles],
  [shell, ...copies(2, "/tmp/x"), ...copies(4, "/tmp/y")],
  // A generator that runs again; sed; git; a file that the job made.
  [shell, ...copies(2, "/tmp/x"), ...compiles, ...copies(4, "/tmp/x")],
  [
    ...[
      shell,
      started(2, "/usr/bin/sed", "-i", "s/0/1/"),
      renamed(2, "/w/sedX", file),
      ...compiles,
    ],
    ...[started(4, "/usr/bin/sed", "-i", "s/1/0/"), renamed(4, "/w/sedX", file)],
  ],
  [
    shell,
    ...copies(2, "/tmp/x"),
    ...compiles,
    started(4, "/usr/bin/git", "checkout"),
    removed(4, file),
    created(4, file),
    wrote(4, file),
  ],
  [shell, created(1, file), ...copies(2, "/tmp/x"), ...compiles, ...copies(4, "/tmp/y")],
  [shell, ...moves(2, file, "/tmp/b"), ...compiles, ...moves(4, "/tmp/b", file)],
];
