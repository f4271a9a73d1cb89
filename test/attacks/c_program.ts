import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Place } from "./traced_job.ts";

/** Compiles a C program into the job's directory, before the job begins. */
export function compile({ directory }: Place, name: string, source: string): undefined {
  execFileSync(
    "gcc",
    ["-std=gnu17", "-Wall", "-Werror", "-x", "c", "-o", join(directory, name), "-"],
    {
      input: source,
    },
  );
}
