import { spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { cgroupRoot, makeJobCgroup, removeCgroup } from "../../agent/cgroup.ts";
import { openKernel } from "../../agent/kernel.ts";
import { launcher } from "../../agent/launch.ts";
import type { Tracer } from "../../native/index.ts";
import { decode } from "../../src/events/decode.ts";
import type { EventName, EventNamed, JobEvent } from "../../src/events/index.ts";

/** The number of the job under test. */
export const job = 7;

export interface RecordOptions {
  readonly ring_bytes?: Readonly<Record<string, number>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called when the command runs; the recording ends when the command and this have ended. */
  readonly meanwhile?: (tracer: Tracer, pid: number) => void | Promise<void>;
}

export interface Recording {
  readonly pid: number;
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly JobEvent[];
  /** Lost records by event id. */
  readonly losses: ReadonlyMap<number, number>;
  /** The events of one kind, in order. */
  of<N extends EventName>(name: N): EventNamed<N>[];
}

/** Runs a command as a job with every program attached; returns what the kernel recorded. */
export async function record(
  t: TestContext,
  command: readonly string[],
  options: RecordOptions = {},
): Promise<Recording> {
  const root = cgroupRoot();
  const group = makeJobCgroup(root, `test-${process.pid}-${counter++}`);
  const { tracer } = openKernel({ cgroup_root: root, ring_bytes: options.ring_bytes ?? {} });
  t.after(() => {
    tracer.close();
    removeCgroup(group);
  });
  const key = Buffer.alloc(8);
  key.writeBigUInt64LE(group.id);
  const value = Buffer.alloc(4);
  value.writeUInt32LE(job);
  tracer.mapSet("jw_cgroups", key, value);

  const ended = await run(launcher(group, command), tracer, options);
  const events = [...drained(tracer, "jw_rare"), ...drained(tracer, "jw_bulk")];
  const losses = new Map(
    tracer
      .mapEntries("jw_losses")
      .filter(([loss]) => loss.readUInt32LE(0) === job)
      .map(([loss, count]) => [loss.readUInt32LE(4), Number(count.readBigUInt64LE())]),
  );
  const of = <N extends EventName>(name: N) =>
    events.filter((event): event is EventNamed<N> => event.event === name);
  return { ...ended, events, losses, of };
}
let counter = 0;

async function run(
  [file, args]: [string, string[]],
  tracer: Tracer,
  { env, cwd, meanwhile }: RecordOptions,
): Promise<Pick<Recording, "pid" | "exit_code" | "stdout" | "stderr">> {
  const child = spawn(file, args, { env: { ...process.env, ...env }, cwd });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  const pid = child.pid ?? 0;
  await meanwhile?.(tracer, pid);
  return { pid, exit_code: await closed, stdout, stderr };
}

function* drained(tracer: Tracer, ring: string): Generator<JobEvent> {
  const batch = new Uint8Array(1 << 20);
  for (;;) {
    const used = tracer.drain(ring, batch);
    if (used === 0) return;
    yield* decode(batch.subarray(0, used));
  }
}
