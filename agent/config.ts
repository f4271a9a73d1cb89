import { lstatSync } from "node:fs";
import { JobwardenError } from "../src/base/errors.ts";
import { logLevels } from "../src/base/log.ts";
import { severities } from "../src/engine/severity.ts";
import { type ConfigProblem, valuesIn } from "./config_document.ts";
import { directories, directory, flag, powerOfTwo, type ValuesOf, whole, word } from "./setting.ts";
import { readSmallFile } from "./small_file.ts";

/** Every key of the configuration. What it means, what is allowed and its page follow from here. */
export const settings = {
  state_directory: directory(
    "/var/lib/jobwarden",
    "Where the database and the key of redaction are kept.",
  ),
  runtime_directory: directory(
    "/run/jobwarden",
    "Where the socket for the runners' hooks is made; it is empty after a start of the machine.",
  ),
  pin_directory: directory(
    "/sys/fs/bpf/jobwarden",
    "Where programs and maps stay while the agent restarts; it must be on a mounted BPF file system.",
  ),
  rules_directory: directory(
    "/etc/jobwarden/rules",
    "Where the host's own rules are: Sigma rules, and signatures in code. `jobwarden rules` says which of them are used.",
  ),
  runners: {
    discover: flag(
      true,
      "Whether runners are looked for by themselves: those with a unit of systemd, and those whose Listener runs.",
    ),
    roots: directories("More directories of runners, each the one with `config.sh` in it."),
    scan_interval_s: whole(
      10,
      { least: 1, most: 3600, unit: "seconds" },
      "How often added and removed runners are looked for. A Listener that starts is seen at once.",
    ),
  },
  hooks: {
    directory: directory(
      "/usr/lib/jobwarden/hooks",
      "Directory of the scripts that the runners are told to call, as it stands in their `.env`. When it is not there, those that came with this program are meant.",
    ),
    fail_on: word(
      [...severities, "never"],
      "high",
      "The least severity of a finding that makes the job fail when it ends; `never` lets every job pass.",
    ),
    required: flag(
      false,
      "Whether a job fails when no agent answers its started hook; otherwise the job is warned, and goes on. The installer writes it into the hooks: run it again after a change.",
    ),
  },
  rings: {
    rare_mib: powerOfTwo(
      8,
      { least: 1, most: 1024, unit: "MiB" },
      "Size of the kernel's ring for rare events such as program starts and connections.",
    ),
    bulk_mib: powerOfTwo(
      16,
      { least: 1, most: 1024, unit: "MiB" },
      "Size of the kernel's ring for frequent events, which are about files. A larger one carries a longer flood without loss.",
    ),
  },
  log: {
    level: word(logLevels, "info", "The least important lines that are logged."),
  },
} as const;

/** The validated configuration; frozen. */
export type Config = ValuesOf<typeof settings>;

/** A configuration is some lines; more is a mistake, such as the path of another file. */
const mostBytes = 32 << 10;

/** What a text sets, and everything that is wrong with it; where it is wrong, the default stands. */
export function readConfig(text: string): {
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
} {
  const { values, problems } = valuesIn(text, settings);
  return { config: values, problems };
}

/**
 * Reads the configuration; without the file all defaults stand.
 * @throws JobwardenError CONFIG_INVALID: a line `file:line:column: …` for each problem, safe to print
 */
export function loadConfig(path: string): Config {
  const { config, problems } = readConfig(textOf(path));
  if (problems.length === 0) return config;
  const lines = problems.map(
    ({ line, column, message }) => `${path}:${line}:${column}: ${message}`,
  );
  throw new JobwardenError("CONFIG_INVALID", lines.join("\n"));
}

function textOf(path: string): string {
  try {
    const { bytes } = readSmallFile(path, { most_bytes: mostBytes, follow: true });
    return textIn(bytes);
  } catch (cause) {
    if (isAbsent(path, cause)) return "";
    const why = (cause as Error).message;
    throw new JobwardenError("CONFIG_INVALID", `${path} cannot be read: ${why}`, { cause });
  }
}

function textIn(bytes: Buffer): string {
  if (bytes.includes(0)) throw new Error("it is binary, not text");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error("it is not UTF-8 text", { cause });
  }
}

/** A link to nothing is not absent: somebody meant a configuration to be there. */
const isAbsent = (path: string, error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === "ENOENT" &&
  lstatSync(path, { throwIfNoEntry: false }) === undefined;
