import type { Samples, Sequences } from "../engine/signature.ts";
import { created, read, removed, renamed, started } from "./examples.ts";

const shell = started(1, "/usr/bin/dash", "build.sh");
const python = started(2, "/usr/bin/python3.11", "x.py");
const times = (count: number, make: (i: number) => readonly Samples[]): Samples[] =>
  Array.from({ length: count }, (_, i) => make(i)).flat();
const kinds = ["png", "pdf", "zip", "txt", "c"];
const overwrites = (process_key: number, path: string): Samples => ({
  ...{ event: "file_open", process_key, path },
  access: "write",
});
const mixed = (i: number) => overwrites(2, `/w/data/${i}.${kinds[i % kinds.length]}`);

export const fires: Sequences = [
  [shell, python, ...times(30, (i) => [mixed(i)])],
  [shell, python, ...times(30, (i) => [removed(2, `/home/a/app/${i}.txt`)])],
  [
    ...[shell, python],
    ...times(20, (i) => [created(2, `/w/${i}.txt.locked`), removed(2, `/w/${i}.txt`)]),
  ],
  [shell, python, ...times(20, (i) => [renamed(2, `/w/${i}.txt`, `/w/${i}.txt.enc`)])],
  // One process for each file: openssl and rm, run by the shell.
  [
    shell,
    ...times(20, (i) => [
      { ...started(3 + i, "/usr/bin/openssl", "enc"), parent_key: 1 },
      created(3 + i, `/w/${i}.txt.enc`),
      { ...started(100 + i, "/usr/bin/rm"), parent_key: 1 },
      removed(100 + i, `/w/${i}.txt`),
    ]),
  ],
  [shell, started(2, "/usr/bin/shred", "-u"), ...times(5, (i) => [overwrites(2, `/w/${i}`)])],
  [
    ...[shell, started(2, "/usr/bin/rm", "-rf", "/home/a")],
    ...[".ssh/id", ".aws/credentials", ".kube/config"].map((name) => removed(2, `/home/a/${name}`)),
  ],
];

export const silent: Sequences = [
  // A formatter; what the job made; folders of builds; rm and git; gzip.
  [shell, python, ...times(60, (i) => [overwrites(2, `/w/src/${i}.${i % 2 ? "js" : "md"}`)])],
  [shell, python, ...times(60, (i) => [created(2, mixedPath(i)), removed(2, mixedPath(i))])],
  [shell, python, ...times(60, (i) => [removed(2, `/w/dist/${i}.${kinds[i % 5]}`)])],
  [shell, started(2, "/usr/bin/rm", "-rf"), ...times(60, (i) => [removed(2, mixedPath(i))])],
  [shell, started(2, "/usr/bin/git", "clean"), ...times(60, (i) => [removed(2, mixedPath(i))])],
  [
    ...[shell, started(2, "/usr/bin/gzip")],
    ...times(40, (i) => [created(2, `/w/${i}.txt.gz`), removed(2, `/w/${i}.txt`)]),
  ],
  [shell, python, ...times(60, (i) => [read(2, mixedPath(i))])],
  [shell, python, ...times(60, (i) => [renamed(2, `/w/${i}.txt`, `/w/${i}.txt.bak`)])],
];

function mixedPath(i: number): string {
  return `/w/data/${i}.${kinds[i % kinds.length]}`;
}
