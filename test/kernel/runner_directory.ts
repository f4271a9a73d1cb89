import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { u32 } from "../../agent/kernel.ts";
import type { Tracer } from "../../native/index.ts";
import { kernelDevice } from "../../src/base/device.ts";
import { Batch } from "../../src/events/decode.ts";
import type { JobEvent } from "../../src/events/index.ts";
import type { Notice } from "../../src/events/notices/index.ts";

/** What the rings hold, with the size of its record. */
export type Seen = (JobEvent | Notice) & { readonly size: number };

/** A runner's directory with programs of its names: each is a shell, or another program. */
export function runnerDirectory(
  t: TestContext,
  { bin = "bin", worker = "Runner.Worker", program = "/bin/dash" } = {},
): string {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "runner-"));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, bin));
  copyFileSync("/bin/dash", join(root, bin, "Runner.Listener"));
  copyFileSync(program, join(root, bin, worker));
  return root;
}

/** Tells the kernel side of a runner. @returns its key in the map */
export function register(t: TestContext, tracer: Tracer, root: string, number: number): Buffer {
  const { ino, dev } = statSync(root, { bigint: true });
  const key = Buffer.alloc(16);
  key.writeBigUInt64LE(ino, 0);
  key.writeUInt32LE(kernelDevice(dev), 8);
  tracer.mapSet("jw_runner_roots", key, u32(number));
  t.after(() => tracer.mapDelete("jw_runner_roots", key));
  return key;
}

/** All that is in the rings: first what is rare. */
export function drain(tracer: Tracer): Seen[] {
  const seen: Seen[] = [];
  const room = new Uint8Array(8 << 20);
  for (const ring of ["jw_rare", "jw_bulk"]) {
    const batch = new Batch(room.subarray(0, tracer.drain(ring, room)));
    while (batch.next()) seen.push(batch.isNotice ? batch.decodeNotice() : batch.decode());
  }
  tracer.release();
  return seen;
}

/** Those of one kind. */
export const of = <K extends Seen["event"]>(seen: readonly Seen[], kind: K) =>
  seen.filter((event): event is Extract<Seen, { event: K }> => event.event === kind);
