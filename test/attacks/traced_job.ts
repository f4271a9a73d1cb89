import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { BatchWriter } from "../../agent/batch_writer.ts";
import { cgroupRoot, type JobCgroup, makeJobCgroup, removeCgroup } from "../../agent/cgroup.ts";
import { bindCgroup } from "../../agent/job_group.ts";
import { JobRecord } from "../../agent/job_record.ts";
import { openKernel } from "../../agent/kernel.ts";
import { Pipeline } from "../../agent/pipeline.ts";
import type { Finding } from "../../src/engine/finding.ts";
import { keyOf, replay } from "../../src/engine/replay.ts";
import { signatures } from "../../src/signatures/index.ts";
import { openForWriting } from "../../src/store/open.ts";
import { Reader } from "../../src/store/reader.ts";
import { Writer } from "../../src/store/writer.ts";

/** What a job is run with, and what became of it. */
export interface Place {
  /** A directory of the job's own, where it starts; gone afterwards. */
  readonly directory: string;
  /** Its home directory, with nothing in it but what the variant puts there. */
  readonly home: string;
  /** Where the database is: of all jobs of this test file. */
  readonly database: string;
}

export interface Traced extends Place {
  readonly job: number;
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** In the order in which they were made. */
  readonly findings: readonly Finding[];
  /** What the stored events say when they are judged again. */
  readonly replayed: readonly Finding[];
  /** Why a signature is off, or a batch was refused. */
  readonly troubles: readonly string[];
}

type Undo = (() => unknown) | undefined;

/** A job to run. */
export interface JobToTrace {
  /** Program and arguments. */
  readonly command: (place: Place) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Before the job begins, outside of it. May return what undoes it. */
  readonly prepare?: (place: Place) => Undo | Promise<Undo>;
}

/** The programs in the kernel and a database, for each test file once. */
interface Tracing {
  readonly pipeline: Pipeline;
  readonly writer: BatchWriter;
  readonly store: Writer;
  readonly reader: Reader;
  readonly bind: (group: JobCgroup, job: number) => void;
  readonly database: string;
  close(): void;
}
let tracing: Tracing | undefined;
after(() => tracing?.close());

function open(): Tracing {
  const state = mkdtempSync(join(realpathSync(tmpdir()), "jobwarden-corpus-"));
  const database = join(state, "jobwarden.db");
  const { tracer } = openKernel({ cgroup_root: cgroupRoot() });
  const db = openForWriting(database);
  const agent = { host: "test", boot_id: "test", agent_pid: process.pid, version: "test" };
  const store = new Writer(db, agent);
  const writer = new BatchWriter(store);
  const nobody = { onNotice() {}, onStranger: () => undefined, onFlush() {}, tracer_id: "test" };
  return {
    ...{
      writer,
      store,
      database,
      reader: new Reader(db),
      pipeline: new Pipeline(tracer, writer, nobody),
    },
    bind: (group, job) => bindCgroup(tracer, group.id, job),
    close: () => {
      tracer.close();
      db.close();
      rmSync(state, { recursive: true });
    },
  };
}

/**
 * Runs a command as a job: by the kernel's programs, the pipeline, the store and the signatures as
 * they are. Everything that the command leaves behind is killed.
 */
export async function trace({ command, env, prepare }: JobToTrace): Promise<Traced> {
  tracing ??= open();
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "job-"));
  const place: Place = { directory, home: join(directory, "home"), database: tracing.database };
  mkdirSync(place.home);
  let undo: Undo;
  try {
    undo = await prepare?.(place);
    return await traceIn(tracing, place, command(place), env ?? {});
  } finally {
    await undo?.();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function traceIn(
  { pipeline, writer, store, reader, bind }: Tracing,
  place: Place,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Traced> {
  const start = { name: "", command: command.join(" "), started_us: Date.now() * 1000 };
  const job = store.startJob({ ...start, kind: "run" });
  const group = makeJobCgroup(cgroupRoot(), `corpus-${process.pid}-${job}`);
  const redact = (args: readonly string[]) => args;
  const record = new JobRecord({ kernel_job: job, job, writer, signatures, redact });
  const findings: Finding[] = [];
  const turn = (): number => pipeline.turn((finding) => findings.push(finding));
  try {
    pipeline.add(record);
    bind(group, job);
    const ended = await run(group, command, { ...env, HOME: place.home }, place.directory, turn);
    while (turn() > 0) {}
    pipeline.end(record, () =>
      writer.endJob(job, {
        ...{ exit_code: ended.exit_code ?? 0, signal: null, ended_us: Date.now() * 1000 },
        ...{ complete: true, survivors: 0 },
      }),
    );
    const { trouble } = pipeline;
    const troubles = record.engine.problems.map(({ message }) => message);
    if (trouble !== undefined) troubles.push(trouble);
    const replayed = replay(reader.events(reader.job(job)), signatures, job).findings;
    return { ...place, ...ended, job, findings, replayed, troubles };
  } finally {
    pipeline.remove(record);
    removeCgroup(group);
  }
}

const turnEveryMs = 10;

function run(
  group: JobCgroup,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  turn: () => number,
): Promise<Pick<Traced, "exit_code" | "stdout" | "stderr">> {
  const enter = 'echo $$ >"$0" && exec "$@"';
  const args = ["-c", enter, join(group.path, "cgroup.procs"), ...command];
  const child = spawn("/bin/sh", args, {
    ...{ cwd, env: { ...process.env, ...env } },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const timer = setInterval(turn, turnEveryMs);
  // What it left behind may hold its output open for ever.
  child.on("exit", () => writeFileSync(join(group.path, "cgroup.kill"), "1"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit_code) => {
      clearInterval(timer);
      resolve({ exit_code, stdout, stderr });
    });
  });
}

/** One for each key of a signature, as the worst match made it: as the store has them. */
export function merged(findings: readonly Finding[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const finding of findings) {
    const before = found.get(keyOf(finding));
    found.set(keyOf(finding), { ...finding, time_us: before?.time_us ?? finding.time_us });
  }
  return [...found.values()];
}
