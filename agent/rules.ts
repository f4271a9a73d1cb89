import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import type { RuleFile, UserRules } from "../src/signatures/user_rules.ts";
import { isRootOwned } from "./root_owned.ts";
import { readSmallFile } from "./small_file.ts";

/** Where the host's own rules are. */
export const usualRules = "/etc/jobwarden/rules";
/** A rule is some lines. */
const mostBytes = 256 << 10;

type UserRulesModule = typeof import("../src/signatures/user_rules.ts");
const none: UserRules = { signatures: [], sources: new Map(), refused: [] };
const load = createRequire(import.meta.url);

/**
 * Reads the host's own rules: Sigma rules in `.yml` and `.yaml` files, signatures in modules (`.ts`,
 * `.mjs`, `.js`), in a directory and below it. Without the directory there are none.
 */
export function loadRules(directory: string): UserRules {
  const names = namesBelow(directory);
  if (names.length === 0) return none;
  // Reading YAML takes a good part of a start, and most hosts have no rules.
  const { userRules } = load("../src/signatures/user_rules.ts") as UserRulesModule;
  return userRules(names.map((name) => fileAt(join(directory, name))));
}

function namesBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((name) => kinds.has(extname(name)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

const kinds = new Set([".yml", ".yaml", ".ts", ".mjs", ".js"]);

function fileAt(path: string): RuleFile {
  try {
    // Who can change a rule decides what is found; who can change a module is root here.
    if (process.getuid?.() === 0 && !isRootOwned(path)) {
      return unreadable(path, "others than root can change it, or a directory that leads to it");
    }
    if (/ya?ml$/.test(path)) {
      const { bytes } = readSmallFile(path, { most_bytes: mostBytes, follow: true });
      return { path, content: { sigma: bytes.toString("utf8") } };
    }
    return { path, content: { module: load(path) } };
  } catch (error) {
    // What a person wrote may fail in any way; it is said, and the other rules are read.
    return unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

const unreadable = (path: string, why: string): RuleFile => ({
  path,
  content: { unreadable: why },
});
