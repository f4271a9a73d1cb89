/** The same work traced and untraced, in turn, as ratios. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePlace, median, note, type Place, printTable, root, runTraced } from "./bench.ts";

export interface Work {
  readonly name: string;
  readonly budget: string;
  readonly command: readonly string[];
  /** Before each run, not timed. */
  readonly prepare?: () => void;
}

/** @param pairs runs of each kind */
export function overhead(quick: boolean, pairs = quick ? 2 : 7): void {
  const place = makePlace();
  const rows = works(place, quick).map((work) => {
    note(`timing ${work.name}: ${pairs} pairs`);
    return compare(place, work, pairs);
  });
  rows.push(outside(place, quick ? 2 : 7));
  printTable(["work", "untraced s", "traced s", "ratio", "min", "max", "budget"], rows);
}

/** Usual work, and the worst of it. */
export function works(place: Place, quick: boolean): Work[] {
  const files = join(place.directory, "files");
  const act = (kind: string, n: number) => [place.acts, kind, String(n), files];
  const scale = quick ? 20 : 1;
  return [
    compile(place),
    ...npmCi(place),
    gitClone(place),
    { name: "execs, 5,000", budget: "", command: act("exec", 5000 / scale) },
    { name: "opens, one file, 500,000", budget: "", command: act("open_same", 500_000 / scale) },
    {
      name: "opens, 10,000 files, 500,000",
      budget: "",
      command: act("open_many", 500_000 / scale),
    },
  ];
}

const toolsBudget = "≤ 1.03";

const filesToCompile = 120;

/** A build as make does it: many short compilers over the system's headers, and a link. */
function compile(place: Place): Work {
  const source = join(place.directory, "source");
  mkdirSync(source);
  const names = Array.from({ length: filesToCompile }, (_, i) => `part_${i}`);
  for (const name of names) writeFileSync(join(source, `${name}.c`), sourceOf(name));
  const calls = names.map((name) => `total += ${name}(argc);`).join("\n\t");
  const declared = names.map((name) => `int ${name}(int);`).join("\n");
  const main = `int main(int argc, char **argv)\n{\n\tint total = 0;\n\t${calls}\n\treturn total == 1;\n}\n`;
  writeFileSync(join(source, "main.c"), `${declared}\n${main}`);
  const objects = ["main", ...names].map((name) => `${name}.o`).join(" ");
  const rule = `program: ${objects}\n\t$(CC) -o $@ $^\n%.o: %.c\n\t$(CC) -O2 -c -o $@ $<\n`;
  writeFileSync(join(source, "Makefile"), rule);
  return {
    name: `C compile, ${filesToCompile} files`,
    budget: toolsBudget,
    command: ["make", "-s", "-j2", "-C", source],
    prepare: () => void spawnSync("sh", ["-c", `rm -f "${source}"/*.o "${source}/program"`]),
  };
}

const sourceOf = (name: string): string => `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <sys/socket.h>
#include <netinet/in.h>

int ${name}(int seed)
{
	char text[256];
	int total = 0;

	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "%d-%d", seed, i);
		total += (int)strlen(text) + atoi(text);
	}
	return total;
}
`;

/** This project's own packages, from a cache that is filled first; none when that cannot be. */
function npmCi(place: Place): Work[] {
  const project = join(place.directory, "npm");
  mkdirSync(project);
  for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
    cpSync(join(root, file), join(project, file));
  }
  const cache = join(place.directory, "npm-cache");
  const ci = ["npm", "ci", "--silent", "--ignore-scripts", "--prefix", project, "--cache", cache];
  const filled = spawnSync(ci[0] ?? "", ci.slice(1));
  if (filled.status !== 0) {
    note("npm ci is left out: its cache could not be filled from the registry");
    return [];
  }
  return [
    {
      name: "npm ci from a local cache",
      budget: toolsBudget,
      command: [...ci, "--offline"],
      prepare: () => rmSync(join(project, "node_modules"), { recursive: true, force: true }),
    },
  ];
}

const filesInRepository = 3000;

function gitClone(place: Place): Work {
  const source = join(place.directory, "repository");
  const clone = join(place.directory, "clone");
  mkdirSync(source);
  for (let i = 0; i < filesInRepository; i++) {
    const folder = join(source, `folder-${i % 50}`);
    if (!existsSync(folder)) mkdirSync(folder);
    writeFileSync(join(folder, `file-${i}.txt`), `line ${i}\n`.repeat(100));
  }
  const git = (...args: string[]) => execFileSync("git", ["-C", source, ...args]);
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "-m", "x");
  return {
    name: `git clone, ${filesInRepository} files`,
    budget: toolsBudget,
    command: ["git", "clone", "--quiet", `file://${source}`, clone],
    prepare: () => rmSync(clone, { recursive: true, force: true }),
  };
}

function compare(place: Place, work: Work, pairs: number): string[] {
  const time = join(place.directory, "time");
  const timed = [place.acts, "timed", time, ...work.command];
  const untraced: number[] = [];
  const traced: number[] = [];
  // The first pair warms the caches and is not counted.
  for (let i = 0; i <= pairs; i++) {
    work.prepare?.();
    const { status } = spawnSync(timed[0] ?? "", timed.slice(1), { stdio: "ignore" });
    if (status !== 0) throw new Error(`${work.command.join(" ")} ended with ${status}`);
    const before = Number(readFileSync(time, "utf8"));
    work.prepare?.();
    runTraced(place, timed);
    if (i === 0) continue;
    untraced.push(before);
    traced.push(Number(readFileSync(time, "utf8")));
  }
  return ratioRow(work.name, untraced, traced, work.budget);
}

/** A process of no job, while another job is traced and while none is. */
function outside(place: Place, pairs: number): string[] {
  const calls = 5_000_000;
  note(`timing ${calls.toLocaleString("en")} system calls of a process outside any job`);
  const without: number[] = [];
  const during: number[] = [];
  for (let i = 0; i < pairs; i++) {
    without.push(timeCalls(place, calls));
    const job = startJob(place);
    during.push(timeCalls(place, calls));
    job();
  }
  const row = ratioRow("system call outside any job", without, during, "");
  const added = (median(during) - median(without)) / calls;
  return [...row.slice(0, -1), `+${added.toFixed(0)} ns of 250`];
}

function timeCalls(place: Place, calls: number): number {
  const time = join(place.directory, "time");
  spawnSync(place.acts, ["timed", time, place.acts, "syscall", String(calls)]);
  return Number(readFileSync(time, "utf8"));
}

/** Starts a job that waits; what it gives ends the job. */
function startJob({ directory, state }: Place): () => void {
  const ready = join(directory, "ready");
  rmSync(ready, { force: true });
  const job = spawn(
    join(root, "installer/jobwarden"),
    ["run", "--quiet", "--state", state, "--", "sh", "-c", `: >"${ready}" && exec sleep 600`],
    { stdio: "ignore" },
  );
  while (!existsSync(ready)) Atomics.wait(pause, 0, 0, 10);
  return () => {
    const ended = new Promise((resolve) => job.on("exit", resolve));
    job.kill("SIGTERM");
    void ended;
    while (job.pid && existsSync(`/proc/${job.pid}/exe`)) Atomics.wait(pause, 0, 0, 10);
  };
}
const pause = new Int32Array(new SharedArrayBuffer(4));

function ratioRow(
  name: string,
  before: readonly number[],
  after: readonly number[],
  budget: string,
): string[] {
  const ratios = after.map((value, i) => value / (before[i] ?? Number.NaN));
  const seconds = (values: readonly number[]) => (median(values) / 1e9).toFixed(3);
  const shown = [median(ratios), Math.min(...ratios), Math.max(...ratios)];
  return [name, seconds(before), seconds(after), ...shown.map((r) => r.toFixed(3)), budget];
}
