import { existsSync, readFileSync } from "node:fs";
import { arch, release } from "node:os";
import { JobwardenError } from "../src/base/errors.ts";

/** The kernel's description of its own types. */
export const btfPath = "/sys/kernel/btf/vmlinux";
/** Task storage for tracing programs came with 5.11; 5.15 is the first long-term kernel after it. */
export const oldestKernel = [5, 15] as const;

/** @returns whether this kernel is 5.15 or newer */
export function isKernelNewEnough(text = release()): boolean {
  const [major = 0, minor = 0] = text.split(".").map((part) => Number.parseInt(part, 10));
  return major > oldestKernel[0] || (major === oldestKernel[0] && minor >= oldestKernel[1]);
}

/**
 * What tracing needs before anything is tried.
 * @throws JobwardenError NEED_ROOT, NEED_BTF, NEED_KERNEL
 */
export function requireTraceable(): void {
  if (process.geteuid?.() !== 0) {
    throw new JobwardenError("NEED_ROOT", `this is user ${process.geteuid?.()}, not root`);
  }
  if (!isKernelNewEnough()) {
    throw new JobwardenError("NEED_KERNEL", `this is Linux ${release()} on ${arch()}`);
  }
  if (!existsSync(btfPath)) throw new JobwardenError("NEED_BTF", `${btfPath} does not exist`);
}

/** The text of a small kernel file; undefined where the kernel has none. */
export function kernelText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined; // not mounted, or not compiled in: the caller says what that means
  }
}
