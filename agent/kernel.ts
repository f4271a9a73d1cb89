import { readFileSync } from "node:fs";
import { arch } from "node:os";
import { loadAddon, type Tracer } from "../native/index.ts";
import { JobwardenError } from "../src/base/errors.ts";
import { callIndices } from "../src/events/calls.ts";
import type { Hook } from "../src/events/schema.ts";
import { chooseHooks, type Seen, sectionOf } from "./coverage.ts";

/** Bytes of the two rings, and at which fill the kernel wakes the agent before it looks itself. */
const ringBytes = { jw_rare: 8 << 20, jw_bulk: 16 << 20 } as const;
const wakeBytes = { jw_rare: 1 << 20, jw_bulk: 2 << 20 } as const;
/** As JW_SMALL_PER_CPU in bpf/jobwarden.bpf.h. */
const smallPerCpu = 4;

/** As the flags of `jw_call_flags` in bpf/jobwarden.bpf.h. */
const callFlags = { any_result: 1, names: 2, connects: 4 } as const;

/** The linked BPF object. */
export const objectPath = new URL("../bpf/jobwarden.bpf.o", import.meta.url).pathname;

export interface KernelOptions {
  /** Where cgroup2 is mounted: programs that see all sends are attached to its root. */
  readonly cgroup_root: string;
  /** Bytes of the rings, when not the usual ones. */
  readonly ring_bytes?: Partial<typeof ringBytes> | Readonly<Record<string, number>>;
  /** Events and notices that nobody wants to see here, by name. */
  readonly leave_out?: readonly string[];
  /** Programs, sections or kinds of them (`fentry`) that are taken for refused. */
  readonly without?: readonly string[];
}

/** The programs in the kernel, attached; and what they show. */
export interface Kernel {
  readonly tracer: Tracer;
  readonly seen: readonly Seen[];
}

/**
 * Loads and attaches, for each event, the best programs that this kernel takes. A program that the
 * kernel refuses costs its own event a worse way of seeing it, or the event, and nothing else.
 * @throws JobwardenError BPF_OPEN, BPF_LOAD when nothing can be loaded at all
 */
export function openKernel(options: KernelOptions): Kernel {
  const refusals = new Map<string, string>((options.without ?? []).map((on) => [on, "not wanted"]));
  const { probe } = openAddon();
  const refusal = (hook: Hook): string => {
    const section = sectionOf(hook);
    const kind = section.slice(0, section.indexOf("/"));
    const known = [hook.program, section, kind].find((name) => refusals.has(name));
    if (known !== undefined) return refusals.get(known) ?? "";
    const reason = probe(section);
    refusals.set(section, reason);
    return reason;
  };
  // Each round refuses at least one program more, so this ends.
  for (;;) {
    const seen = chooseHooks(refusal, options.leave_out);
    const failed = tryLoad(seen, options);
    if ("tracer" in failed) return { tracer: failed.tracer, seen };
    refusals.set(failed.program, failed.reason);
  }
}

/**
 * Takes over programs and maps that another process has pinned.
 * @throws an Error with a code when they are not all there
 */
export function reopenKernel(directory: string): Tracer {
  const tracer = new (openAddon().Tracer)({ pinned: directory, rings: Object.keys(ringBytes) });
  const settings = tracer.mapGet("jw_setting", u32(0));
  if (settings) {
    const changed = Buffer.from(settings);
    changed.writeBigUInt64LE(BigInt(process.pid), agentPidAt);
    tracer.mapSet("jw_setting", u32(0), changed);
  }
  return tracer;
}

type Failure = { readonly program: string; readonly reason: string };

function tryLoad(seen: readonly Seen[], options: KernelOptions): { tracer: Tracer } | Failure {
  const hooks = uniqueHooks(seen);
  let tracer: Tracer;
  try {
    tracer = new (openAddon().Tracer)({
      object: objectPath,
      programs: hooks.map(({ program }) => program),
      sizes: mapSizes(options),
      rings: Object.keys(ringBytes),
    });
  } catch (error) {
    return refusedProgram(error, hooks);
  }
  prepareMaps(tracer);
  for (const hook of hooks) {
    const reason = attach(tracer, hook, options.cgroup_root);
    if (reason === "") continue;
    tracer.close();
    return { program: hook.program, reason };
  }
  return { tracer };
}

/** Hooks in the order of attachment: names and tags must work before what needs them. */
function uniqueHooks(seen: readonly Seen[]): Hook[] {
  const byProgram = new Map(seen.flatMap(({ hooks }) => hooks).map((hook) => [hook.program, hook]));
  return [...byProgram.values()];
}

function mapSizes({ ring_bytes }: KernelOptions): Record<string, number> {
  const cpus = possibleCpus();
  return { ...ringBytes, ...ring_bytes, jw_smalls: cpus * smallPerCpu, jw_larges: cpus };
}

/** CPUs that may come up while we run; scratch memory is indexed by CPU number. */
function possibleCpus(): number {
  const last = readFileSync("/sys/devices/system/cpu/possible", "utf8").trim().split(/[-,]/).at(-1);
  return Number(last) + 1;
}

/** As jw_settings in bpf/jobwarden.bpf.h; who the agent is changes with each start. */
const settingsBytes = 32;
const agentPidAt = 24;

function prepareMaps(tracer: Tracer): void {
  const settings = Buffer.alloc(settingsBytes);
  settings.writeBigUInt64LE(BigInt(Math.round(openAddon().bootTime())), 0);
  settings.writeBigUInt64LE(BigInt(wakeBytes.jw_rare), 8);
  settings.writeBigUInt64LE(BigInt(wakeBytes.jw_bulk), 16);
  settings.writeBigUInt64LE(BigInt(process.pid), agentPidAt);
  tracer.mapSet("jw_setting", u32(0), settings);
  tracer.mapSet("jw_losses", Buffer.alloc(8), Buffer.alloc(8));
}

/** Unix microseconds of boot, as the programs were told: all their times are counted from it. */
export function bootOf({ tracer }: Pick<Kernel, "tracer">): number {
  const settings = tracer.mapGet("jw_setting", u32(0)) ?? new Uint8Array(8);
  return Number(Buffer.from(settings).readBigUInt64LE(0));
}

function attach(tracer: Tracer, hook: Hook, cgroup_root: string): string {
  if (/^cgroup(_skb)?\//.test(sectionOf(hook)))
    return tracer.attachCgroup(hook.program, cgroup_root);
  if (!hook.calls) return tracer.attach(hook.program);
  const fd = u32(tracer.programFd(hook.program));
  for (const index of hook.calls.flatMap((call) => callIndices(call, arch()))) {
    tracer.mapSet("jw_call_flags", u32(index), u32(flagsOf(hook)));
    tracer.mapSet("jw_calls", u32(index), fd);
  }
  return "";
}

const flagsOf = ({ any_result, names, calls }: Hook): number =>
  (any_result ? callFlags.any_result : 0) |
  (names ? callFlags.names : 0) |
  (calls?.includes("connect") ? callFlags.connects : 0);

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function openAddon(): ReturnType<typeof loadAddon> {
  try {
    return loadAddon();
  } catch (cause) {
    throw new JobwardenError("BPF_OPEN", `the addon cannot be loaded: ${cause}`, { cause });
  }
}

/** Which program the kernel refused, from libbpf's words; without one there is nothing to leave out. */
function refusedProgram(error: unknown, hooks: readonly Hook[]): Failure {
  const { code, log = "", message } = error as { code?: string; log?: string; message: string };
  const named = /prog '(\w+)'/.exec(log)?.[1];
  if (code !== "BPF_LOAD" || !named || !hooks.some(({ program }) => program === named)) {
    throw new JobwardenError(code === "BPF_LOAD" ? "BPF_LOAD" : "BPF_OPEN", `${message}\n${log}`, {
      cause: error,
    });
  }
  return { program: named, reason: lastWords(log) };
}

const lastWords = (log: string): string => {
  const lines = log.trim().split("\n");
  return (lines.findLast((line) => !line.startsWith("libbpf:")) ?? lines.at(-1) ?? "").slice(
    0,
    200,
  );
};
