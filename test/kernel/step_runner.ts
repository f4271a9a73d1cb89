import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { u32 } from "../../agent/kernel.ts";
import type { Tracer } from "../../native/index.ts";
import { Batch } from "../../src/events/decode.ts";
import type { JobEvent } from "../../src/events/index.ts";
import type { Notice } from "../../src/events/notices/index.ts";

export type Record = JobEvent | Notice;
export type RecordOf<K extends Record["event"]> = Extract<Record, { event: K }>;

/** All that the kernel side tells, in the order in which it was drained. */
export class Records {
  readonly #tracer: Tracer;
  readonly #room = new Uint8Array(8 << 20);
  readonly all: Record[] = [];

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  drain(): readonly Record[] {
    for (const ring of ["jw_rare", "jw_bulk"]) {
      const batch = new Batch(this.#room.subarray(0, this.#tracer.drain(ring, this.#room)));
      while (batch.next()) this.all.push(batch.isNotice ? batch.decodeNotice() : batch.decode());
      this.#tracer.release();
    }
    return this.all;
  }

  of<K extends Record["event"]>(kind: K): RecordOf<K>[] {
    return this.drain().filter((event): event is RecordOf<K> => event.event === kind);
  }

  /** The exec of exactly these arguments. */
  exec(...args: string[]): RecordOf<"process_exec"> | undefined {
    return this.of("process_exec").find((exec) => exec.args.join("\0") === args.join("\0"));
  }
}

/** A job that a runner of its own runs: each line of a script is a step, a child of the Worker. */
export interface StepJob {
  readonly job: number;
  readonly output: string;
  /** The key of the Worker's child for each line. */
  readonly steps: readonly number[];
}

/** Runs shell scripts as the steps of one job. */
export async function runSteps(
  tracer: Tracer,
  records: Records,
  ...lines: string[]
): Promise<StepJob> {
  const root = mkdtempSync("/tmp/runner-");
  const key = runnerKey(root);
  tracer.mapSet("jw_runner_roots", key, u32(counter++));
  try {
    mkdirSync(join(root, "bin"));
    for (const name of ["Runner.Listener", "Runner.Worker"])
      copyFileSync("/bin/dash", join(root, "bin", name));
    const scripts = lines.map((line, i) => {
      const script = join(root, `step${i}.sh`);
      writeFileSync(script, line);
      return script;
    });
    const worker = join(root, "worker.sh");
    writeFileSync(
      worker,
      `${scripts.map((script) => `/bin/dash -e ${script} 2>&1 || exit 1\n`).join("")}:\n`,
    );
    const output = await listen(root, worker);
    const execs = scripts.map((script) => records.exec("/bin/dash", "-e", script));
    return {
      job: execs[0]?.job ?? 0,
      output,
      steps: execs.map((exec) => exec?.process_key ?? 0),
    };
  } finally {
    tracer.mapDelete("jw_runner_roots", key);
    rmSync(root, { recursive: true });
  }
}
let counter = 1;

async function listen(root: string, worker: string): Promise<string> {
  const bin = join(root, "bin");
  const script = `${join(bin, "Runner.Worker")} ${worker}; exit $?`;
  const child = spawn(join(bin, "Runner.Listener"), ["-c", script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: "/usr/sbin:/usr/bin:/bin", HOME: root },
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  const [code] = await once(child, "close");
  assert.equal(code, 0, output);
  return output;
}

function runnerKey(root: string): Buffer {
  const { ino, dev } = statSync(root, { bigint: true });
  const key = Buffer.alloc(16);
  key.writeBigUInt64LE(ino, 0);
  // From the encoding of stat (gnu_dev_makedev) to the kernel's: major << 20 | minor.
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  key.writeUInt32LE(Number((major << 20n) | minor), 8);
  return key;
}
