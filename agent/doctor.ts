import { existsSync } from "node:fs";
import { arch, release } from "node:os";
import { errorCodes, JobwardenError } from "../src/base/errors.ts";
import type { Check, Diagnosis, HookCoverage } from "../src/cli/context.ts";
import { cgroupRoot } from "./cgroup.ts";
import { type Seen, sectionOf } from "./coverage.ts";
import { type Kernel, openKernel } from "./kernel.ts";
import { btfPath, isKernelNewEnough, kernelText } from "./requirements.ts";

/** Looks at everything that tracing needs, and loads the programs to see what this kernel takes. */
export function diagnose(): Diagnosis {
  const checks = [kernelCheck(), architectureCheck(), rootCheck(), btfCheck(), lockdownCheck()];
  const group = cgroupCheck();
  checks.push(group.check);
  if (!group.root || checks.some(({ state }) => state === "missing")) {
    return { checks: [...checks, notTried], coverage: [] };
  }
  try {
    const kernel = openKernel({ cgroup_root: group.root });
    kernel.tracer.close();
    return { checks: [...checks, programsCheck(kernel)], coverage: kernel.seen.map(coverageOf) };
  } catch (error) {
    if (!(error instanceof JobwardenError)) throw error;
    const remedy = errorCodes[error.code];
    return {
      checks: [...checks, { name: "BPF programs", state: "missing", found: error.message, remedy }],
      coverage: [],
    };
  }
}

const notTried: Check = {
  name: "BPF programs",
  state: "missing",
  found: "not tried, because of what is missing above",
  remedy: "Mend that first.",
};

const check = (name: string, isOk: boolean, found: string, remedy: string): Check => ({
  name,
  state: isOk ? "ok" : "missing",
  found,
  remedy: isOk ? "" : remedy,
});

const kernelCheck = (): Check =>
  check("kernel", isKernelNewEnough(), `Linux ${release()}`, errorCodes.NEED_KERNEL);

const architectureCheck = (): Check =>
  check(
    "architecture",
    arch() === "x64" || arch() === "arm64",
    arch(),
    "Use a machine with x86-64 or arm64.",
  );

const rootCheck = (): Check =>
  check("rights", process.geteuid?.() === 0, `user ${process.geteuid?.()}`, errorCodes.NEED_ROOT);

const btfCheck = (): Check => {
  const exists = existsSync(btfPath);
  return check("BTF", exists, exists ? btfPath : `no ${btfPath}`, errorCodes.NEED_BTF);
};

/** In the mode confidentiality programs may not read kernel memory. */
function lockdownCheck(): Check {
  const text = kernelText("/sys/kernel/security/lockdown");
  if (!text?.includes("[confidentiality]")) {
    return check("lockdown", true, text ?? "not told by this kernel", "");
  }
  return {
    name: "lockdown",
    state: "degraded",
    found: text,
    remedy: "Boot with lockdown=integrity; in this mode most programs do not load.",
  };
}

function cgroupCheck(): { check: Check; root?: string } {
  try {
    const root = cgroupRoot();
    return { check: check("cgroup2", true, root, ""), root };
  } catch (error) {
    if (!(error instanceof JobwardenError)) throw error;
    return { check: check("cgroup2", false, error.message, errorCodes[error.code]) };
  }
}

function programsCheck({ seen }: Kernel): Check {
  const unseen = seen.filter(({ hooks }) => hooks.length === 0);
  const found = `${seen.length - unseen.length} of ${seen.length} events are seen`;
  if (unseen.length === 0) return check("BPF programs", true, found, "");
  return {
    name: "BPF programs",
    state: "degraded",
    found,
    remedy:
      "The table tells why; a newer kernel, or one with more tracing compiled in, shows more.",
  };
}

const coverageOf = ({ definition, hooks, refused }: Seen): HookCoverage => ({
  event: definition.name,
  hooks: [...new Set(hooks.map(sectionOf))],
  loses: hooks.flatMap(({ loses }) => (loses ? [loses] : [])),
  refused,
});
