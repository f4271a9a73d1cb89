import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import Database from "better-sqlite3";
import { cgroupRoot, sweepCgroups } from "../../agent/cgroup.ts";

/** The program, as a person starts it. */
export const program = resolve("installer/jobwarden");
/** Not the first on PATH, which may be a shell script that starts the real one. */
export const python = "/usr/bin/python3";

export interface Options {
  readonly state?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** A program and its arguments that start ours. */
  readonly within?: readonly string[];
  readonly detached?: boolean;
  /** Ours, when it is to be reached by another path. */
  readonly program?: string;
}

export interface Ended {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly out: Buffer;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  write(text: string): void;
  /** What was printed on standard output until now. */
  text(): string;
  /** Comes when this has been printed on standard output; fails when all ends without it. */
  printed(text: string): Promise<void>;
}

/** Starts `jobwarden` with these arguments. */
export function start(argv: readonly string[], options: Options = {}): Started {
  const { input, env, cwd, within = [], detached = false } = options;
  const [file = "", ...args] = [...within, options.program ?? program, ...argv];
  const child = spawn(file, args, {
    cwd,
    detached,
    env: { ...process.env, JOBWARDEN_STATE: options.state, ...env },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (piece) => out.push(piece));
  child.stderr.on("data", (piece) => err.push(piece));
  child.stdin.on("error", () => {}); // the program need not read it
  if (input !== undefined) child.stdin.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, signal) =>
      resolve({ exit, signal, out: Buffer.concat(out), err: Buffer.concat(err).toString() }),
    );
  });
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => Buffer.concat(out).includes(text) && resolve();
      child.stdout.on("data", look);
      child.on("close", () => reject(new Error(`${text} was not printed: ${Buffer.concat(err)}`)));
      look();
    });
  const text = () => Buffer.concat(out).toString();
  const write = (text: string) => child.stdin.write(text);
  return { child, pid: child.pid ?? 0, ended, printed, text, write };
}

/** Runs `jobwarden` to its end. */
export const jobwarden = (argv: readonly string[], options: Options = {}): Promise<Ended> =>
  start(argv, { input: "", ...options }).ended;

/** Runs a command as a job without a summary. */
export const run = (command: readonly string[], options: Options = {}): Promise<Ended> =>
  jobwarden(["run", "--quiet", "--", ...command], options);

/** A directory of its own for the test, gone after it. */
export function folder(t: TestContext): string {
  const path = mkdtempSync(join(realpathSync(tmpdir()), "jobwarden-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export const databaseIn = (state: string): string => join(state, "jobwarden.db");

/** The rows of a query. */
export function rows<T = Record<string, unknown>>(
  state: string,
  sql: string,
  ...values: readonly unknown[]
): T[] {
  const db = new Database(databaseIn(state), { readonly: true });
  try {
    return db.prepare<unknown[], T>(sql).all(...values);
  } finally {
    db.close();
  }
}

/** Every line, parsed. */
export const parsed = (text: string | Buffer): Record<string, unknown>[] =>
  text
    .toString()
    .trimEnd()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/**
 * Looks again until it is so. For what sends no event, such as a state in /proc.
 * @throws Error when the program ends without it
 */
export async function until(isSo: () => boolean, started?: Started): Promise<void> {
  while (!isSo()) {
    if (started?.child.exitCode != null) throw new Error((await started.ended).err);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Leaves the processor to what is waited for. */
const pauseMs = 2;

/** Names of the groups of jobs that are there, after those without a process were removed. */
export function jobGroups(): string[] {
  sweepCgroups(cgroupRoot());
  return readdirSync(join(cgroupRoot(), "jobwarden")).filter((name) => name.startsWith("run-"));
}

export const groupPath = (name: string): string => join(cgroupRoot(), "jobwarden", name);

/** Of a process: R, S, T, Z; empty when there is none. */
export function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "";
  } catch {
    return "";
  }
}
