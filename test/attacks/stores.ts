import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Place } from "./traced_job.ts";

/** What each fake store says, so that an attack can show that it has read it. */
export const secret = "fake-secret-0123456789";

/** Puts fake credential stores into the job's home, before the job and not by it. */
export function stores({ home }: Place, ...names: string[]): undefined {
  for (const name of names) {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  }
}

/** Compiles a C program to a file in the job's directory, before the job. */
export function compile({ directory }: Place, name: string, source: string): undefined {
  execFileSync("cc", ["-O1", "-xc", "-", "-o", join(directory, name)], { input: source });
}
