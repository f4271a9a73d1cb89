import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const sources = new URL("programs/", import.meta.url).pathname;
const built = new Map<string, string>();
let into: string | undefined;
// Not `after`: this module is first loaded while tests run, and one of them would have it.
process.once("exit", () => into && rmSync(into, { recursive: true }));

/** The path of `programs/<name>.c`, compiled once for each test file, linked statically. */
export function compiled(name: string): string {
  const known = built.get(name);
  if (known !== undefined) return known;
  into ??= mkdtempSync(join(realpathSync(tmpdir()), "jobwarden-programs-"));
  const path = join(into, name);
  const source = join(sources, `${name}.c`);
  const options = ["-std=gnu17", "-O1", "-Wall", "-Werror", "-static"];
  execFileSync("gcc", [...options, "-o", path, source], { stdio: "pipe" });
  built.set(name, path);
  return path;
}

/** The interpreter itself, whatever leads to it. */
export const python = realpathSync("/usr/bin/python3");
