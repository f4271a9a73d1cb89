import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { setImmediate as nextRound } from "node:timers/promises";
import { cgroupRoot, type JobCgroup, makeJobCgroup, removeCgroup } from "../../agent/cgroup.ts";
import { openKernel, u32 } from "../../agent/kernel.ts";
import type { Tracer } from "../../native/index.ts";
import { decode } from "../../src/events/decode.ts";
import type { EventName, EventNamed, JobEvent } from "../../src/events/index.ts";
import type { Hook } from "../../src/events/schema.ts";

/** The number of the job under test. */
export const job = 7;

/** A job that is running. */
export interface Running {
  readonly tracer: Tracer;
  readonly pid: number;
  readonly group: JobCgroup;
  readonly directory: string;
  /** Goes to the command's standard input. */
  write(text: string): void;
  /** Comes when the command has printed this. */
  printed(text: string): Promise<void>;
  /** Comes when this was recorded. */
  seen(wanted: (event: JobEvent) => boolean): Promise<void>;
}

/** What is run, which may need to know the job's group. */
export type Command = readonly string[] | ((group: JobCgroup) => readonly string[]);

export interface RecordOptions {
  /** Bytes of the rings; the programs are then loaded for this recording alone. */
  readonly ring_bytes?: Readonly<Record<string, number>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Called when the command's program runs; the recording ends when the command and this have ended. */
  readonly meanwhile?: (running: Running) => unknown;
}

export interface Recording {
  readonly pid: number;
  /** Where the command ran: a directory of its own, gone by now. */
  readonly directory: string;
  readonly group: JobCgroup;
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was recorded before the command's own exec: of the launching shell. */
  readonly launch: readonly JobEvent[];
  /** The command's exec and what came after. */
  readonly events: readonly JobEvent[];
  /** Lost records of the job by event id. */
  readonly losses: ReadonlyMap<number, number>;
  /** When it ran: Unix microseconds. */
  readonly from_us: number;
  readonly to_us: number;
  /** The events of one kind, in order. */
  of<N extends EventName>(name: N): EventNamed<N>[];
}

/** The programs in the kernel, loaded once for each test file. */
let shared: Tracer | undefined;
after(() => shared?.close());

export function openTracer(ring_bytes: Readonly<Record<string, number>> = {}): Tracer {
  const { tracer, seen } = openKernel({ cgroup_root: cgroupRoot(), ring_bytes, without });
  for (const { definition, hooks } of seen) programs.set(definition.name, hooks);
  return tracer;
}
/** Such as `fentry,fexit`: to test what is in use on kernels that refuse these. */
const without = process.env["TEST_WITHOUT"]?.split(",") ?? [];
const programs = new Map<string, readonly Hook[]>();

/** Whether this kernel hands out the paths that it resolved from the names of a call. */
export const resolvesNames = (): boolean =>
  [...programs.values()].flat().some(({ on }) => on.startsWith("fentry/security_path_"));

/** Runs a command as a job with every program attached; returns what the kernel recorded. */
export async function record(command: Command, options: RecordOptions = {}): Promise<Recording> {
  if (options.ring_bytes === undefined) {
    shared ??= openTracer();
    return await recordWith(shared, command, options);
  }
  const tracer = openTracer(options.ring_bytes);
  try {
    return await recordWith(tracer, command, options);
  } finally {
    tracer.close();
  }
}

/** As `record`, with programs that the caller has loaded. */
export async function recordWith(
  tracer: Tracer,
  command: Command,
  options: RecordOptions = {},
): Promise<Recording> {
  const group = makeJobCgroup(cgroupRoot(), `test-${process.pid}-${counter++}`);
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "jobwarden-"));
  try {
    tracer.mapSet("jw_cgroups", u64(group.id), u32(job));
    drainAll(tracer);
    const all: JobEvent[] = [];
    const before = lossesOf(tracer);
    const from_us = Date.now() * us_per_ms;
    const ended = await run({ tracer, group, directory }, all, commandOf(command, group), options);
    all.push(...drainAll(tracer));
    const to_us = (Date.now() + 1) * us_per_ms;
    for (const map of ["jw_smalls", "jw_larges"]) {
      const taken = tracer.mapEntries(map).filter(([, area]) => area.readBigUInt64LE() !== 0n);
      assert.deepEqual(taken, [], `a program has kept its place in ${map}`);
    }
    const losses = new Map(
      [...lossesOf(tracer)]
        .map(([id, count]) => [id, count - (before.get(id) ?? 0)] as const)
        .filter(([, count]) => count > 0),
    );
    return { ...ended, group, directory, from_us, to_us, losses, ...sorted(all) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
    assert.ok(removeCgroup(group), "a process of the job is still there");
  }
}
let counter = 0;

const commandOf = (command: Command, group: JobCgroup): readonly string[] =>
  typeof command === "function" ? command(group) : command;

const us_per_ms = 1000;

/** Divides what was recorded at the command's exec, which is the job's first. */
function sorted(all: readonly JobEvent[]): Pick<Recording, "launch" | "events" | "of"> {
  const exec = all.find(({ event }) => event === "process_exec");
  const start = exec?.time_us ?? Number.POSITIVE_INFINITY;
  const launch = all.filter((event) => event !== exec && event.time_us < start);
  const events = all.filter((event) => event === exec || event.time_us >= start);
  const of = <N extends EventName>(name: N) =>
    events.filter((event): event is EventNamed<N> => event.event === name);
  return { launch, events, of };
}

async function run(
  place: Pick<Running, "tracer" | "group" | "directory">,
  all: JobEvent[],
  command: readonly string[],
  { env, meanwhile, ring_bytes }: RecordOptions,
): Promise<Pick<Recording, "pid" | "exit_code" | "stdout" | "stderr">> {
  const enter = 'echo $$ >"$0" && exec "$@"';
  const args = ["-c", enter, join(place.group.path, "cgroup.procs"), ...command];
  const names = resolvesNames() ? { NAMES_RESOLVED: "1" } : {};
  const child = spawn("/bin/sh", args, {
    env: { ...process.env, ...names, ...env },
    cwd: place.directory,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => stdout.includes(text) && resolve();
      look();
      child.stdout.on("data", look);
      child.on("close", () => reject(new Error(`it ended without ${text}: ${stdout}${stderr}`)));
    });
  // A long act makes more than the rings hold; rings of a chosen size are there to be filled.
  const keepUp = () => ring_bytes ?? all.push(...drainAll(place.tracer));
  const drain = setInterval(keepUp, drain_ms);
  child.on("close", () => clearInterval(drain));
  const pid = child.pid ?? 0;
  const write = (text: string) => child.stdin.write(text);
  const seen = async (wanted: (event: JobEvent) => boolean): Promise<void> => {
    while (!all.some(wanted)) {
      all.push(...drainAll(place.tracer));
      await nextRound();
    }
  };
  try {
    if (meanwhile) await seen(({ event }) => event === "process_exec");
    await meanwhile?.({ ...place, pid, write, printed, seen });
  } catch (error) {
    child.kill("SIGKILL");
    await closed;
    throw error;
  }
  child.stdin.end();
  return { pid, exit_code: await closed, stdout, stderr };
}

const drain_ms = 10;

/** Takes all records out of both rings. */
export function drainAll(tracer: Tracer): JobEvent[] {
  return [...drained(tracer, "jw_rare"), ...drained(tracer, "jw_bulk")];
}

/** Room for several of the largest records. */
const batch = new Uint8Array(1 << 20);

function* drained(tracer: Tracer, ring: string): Generator<JobEvent> {
  for (;;) {
    const used = tracer.drain(ring, batch);
    if (used === 0) return;
    tracer.release();
    yield* decode(batch.subarray(0, used));
  }
}

function lossesOf(tracer: Tracer): Map<number, number> {
  return new Map(
    tracer
      .mapEntries("jw_losses")
      .filter(([loss]) => loss.readUInt32LE(0) === job)
      .map(([loss, count]) => [loss.readUInt32LE(4), Number(count.readBigUInt64LE())]),
  );
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
