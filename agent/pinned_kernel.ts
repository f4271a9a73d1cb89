import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { JobwardenError } from "../src/base/errors.ts";
import { events } from "../src/events/index.ts";
import { notices } from "../src/events/notices/index.ts";
import type { Hook } from "../src/events/schema.ts";
import type { Seen } from "./coverage.ts";
import { type Kernel, type KernelOptions, objectPath, openKernel, reopenKernel } from "./kernel.ts";
import { bootId } from "./machine.ts";

export interface PinOptions extends KernelOptions {
  /** On a BPF file system, which is mounted when it is not. */
  readonly pin_directory: string;
  /** Emptied by each start of the machine. */
  readonly runtime_directory: string;
}

/** Programs that stay in the kernel when this process ends. */
export interface PinnedKernel extends Kernel {
  /** Names this loading of the programs: keys of processes and numbers of jobs are of it. */
  readonly tracer_id: string;
  /** Whether they were loaded now; otherwise another process had, and they went on alone. */
  readonly is_new: boolean;
}

/** What is known of pinned programs. */
interface Pinned {
  readonly tracer_id: string;
  readonly boot_id: string;
  /** Of the object and its sizes: programs of another version are not taken over. */
  readonly fingerprint: string;
  readonly seen: readonly {
    readonly event: string;
    readonly programs: readonly string[];
    readonly refused: readonly string[];
  }[];
}

/**
 * Takes over the programs that an earlier agent has pinned, or loads and pins them.
 * @throws JobwardenError as `openKernel` does
 */
export function openPinnedKernel(options: PinOptions): PinnedKernel {
  const record = join(options.runtime_directory, "tracer.json");
  const fingerprint = fingerprintOf(options);
  mountFor(options.pin_directory);
  const pinned = readRecord(record);
  if (pinned?.boot_id === bootId() && pinned.fingerprint === fingerprint) {
    const kernel = takeOver(pinned, options);
    if (kernel) return kernel;
  }
  sweep(options.pin_directory);
  const kernel = openKernel(options);
  const tracer_id = randomUUID();
  try {
    kernel.tracer.pin(join(options.pin_directory, tracer_id));
    const seen = kernel.seen.map(({ definition, hooks, refused }) => ({
      event: definition.name,
      programs: hooks.map(({ program }) => program),
      refused,
    }));
    // After the pins: what has no record is swept by the next start.
    write(record, { tracer_id, boot_id: bootId(), fingerprint, seen });
  } catch (cause) {
    kernel.tracer.close();
    throw new JobwardenError("BPF_LOAD", `the programs cannot be kept: ${cause}`, { cause });
  }
  return { ...kernel, tracer_id, is_new: true };
}

/** Takes what is pinned out of the kernel: nothing is traced any more. */
export function removePins({ pin_directory, runtime_directory }: PinOptions): void {
  rmSync(join(runtime_directory, "tracer.json"), { force: true });
  sweep(pin_directory);
}

function takeOver(pinned: Pinned, options: PinOptions): PinnedKernel | undefined {
  try {
    const tracer = reopenKernel(join(options.pin_directory, pinned.tracer_id));
    return { tracer, seen: seenBy(pinned), tracer_id: pinned.tracer_id, is_new: false };
  } catch {
    return undefined; // somebody has removed the pins: the caller loads anew, and says that it did
  }
}

/** Hooks are those of this version's definitions, which the fingerprint has compared. */
function seenBy({ seen }: Pinned): Seen[] {
  const definitions = [...notices, ...events];
  return seen.flatMap(({ event, programs, refused }) => {
    const definition = definitions.find(({ name }) => name === event);
    if (!definition) return [];
    const known = new Map<string, Hook>(
      definition.ways.flat().map((hook: Hook) => [hook.program, hook]),
    );
    return [{ definition, hooks: programs.flatMap((name) => known.get(name) ?? []), refused }];
  });
}

function fingerprintOf({ ring_bytes = {}, leave_out = [] }: KernelOptions): string {
  const hash = createHash("sha256").update(readFileSync(objectPath));
  return hash.update(JSON.stringify([ring_bytes, leave_out])).digest("hex");
}

function readRecord(path: string): Pinned | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Pinned;
  } catch {
    return undefined; // the first start since boot, or half a file: then the programs are loaded anew
  }
}

function write(path: string, pinned: Pinned): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(pinned));
  renameSync(`${path}.new`, path);
}

/** Removing the last name of a hook stops it. */
function sweep(pin_directory: string): void {
  if (!existsSync(pin_directory)) return;
  for (const name of readdirSync(pin_directory)) {
    rmSync(join(pin_directory, name), { recursive: true, force: true });
  }
}

/** BPF_FS_MAGIC in include/uapi/linux/magic.h. */
const bpfFileSystem = 0xcafe4a11;
const usualMount = "/sys/fs/bpf";

/** systemd mounts it at boot; a machine without systemd may not have it. */
function mountFor(pin_directory: string): void {
  let there = pin_directory;
  while (!existsSync(there)) there = dirname(there);
  if (statfsSync(there).type === bpfFileSystem) return;
  if (pin_directory === usualMount || pin_directory.startsWith(`${usualMount}/`)) {
    const { status, stderr } = spawnSync("mount", ["-t", "bpf", "bpf", usualMount]);
    if (status === 0) return;
    throw noPlace(`${usualMount} cannot be mounted: ${stderr}`);
  }
  throw noPlace(`${pin_directory} is on no BPF file system`);
}

const noPlace = (what: string): JobwardenError => new JobwardenError("BPF_PIN", what);
