import type { JobContext } from "../engine/signature.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { programOf } from "./programs.ts";

/** How far up is looked. A hook of a package is seldom more than ten below its installer. */
const limit = 24;

/** The process and its ancestors that are known, itself first. */
export function lineageOf(process: Process, { processOf }: JobContext): readonly Process[] {
  const line: Process[] = [];
  let next: Process | undefined = process;
  while (next && line.length < limit && !line.includes(next)) {
    line.push(next);
    next = next.parent_key === 0 ? undefined : processOf(next.parent_key);
  }
  return line;
}

const installers =
  /^(npm|npm-cli|npx|npx-cli|pnpm|yarn|yarnpkg|bun|pip[\d.]*|pip|gem|composer|bundle|bundler|poetry|uv)(\.[cm]?js|\.phar)?$/;
const installs = new Set(
  "install ci i in add update up upgrade rebuild install-test it isntall clean-install dedupe sync".split(
    " ",
  ),
);

/** Whether it is a package manager that installs packages, whose hooks then run. */
export function isInstaller({ path, args }: Process): boolean {
  // The interpreter, its script, `-m pip`: the name is among the first words.
  const at = args.slice(0, 4).findIndex((arg) => installers.test(baseName(arg)));
  if (at < 0 && !installers.test(baseName(path))) return false;
  const words = args.slice(Math.max(at, 0) + 1).filter((arg) => !arg.startsWith("-"));
  const isYarn = /^yarn/.test(baseName(args[at] ?? path));
  return words.length === 0 ? isYarn : installs.has(words[0] ?? "");
}

/**
 * Whether the process is of a hook that a package brought: below a package manager that installs,
 * with something between them that was started for it.
 */
export function isOfPackageHook(process: Process, job: JobContext): boolean {
  const line = lineageOf(process, job);
  return line.findIndex(isInstaller) > 0 && !isInstaller(process);
}

/** Whether it runs with the rights that sudo gave. */
export const isBelowSudo = (process: Process, job: JobContext): boolean =>
  lineageOf(process, job).some(({ path }) => /\/(sudo|doas|su|pkexec)$/.test(path));

/** The shell that waits for the process, with subshells between them. */
export function shellAbove(process: Process, { processOf }: JobContext): Process | undefined {
  let above = processOf(process.parent_key);
  for (let back = 0; above && above.execs === 0 && back < subshells; back++) {
    above = processOf(above.parent_key);
  }
  return above && programOf(above.path, above.args).kind === "shell" ? above : undefined;
}
const subshells = 8;
