import { dirname } from "node:path";

/** What a service's unit says of the runner in it. */
export interface UnitPlace {
  /** Undefined when the unit names none that can be known without systemd. */
  readonly root: string | undefined;
  /** Name or number of the user. */
  readonly user: string;
}

/** Names of the units that the runner's own `svc.sh` makes. */
export const isRunnerUnit = (name: string): boolean => /^actions\.runner\..+\.service$/.test(name);

/**
 * Directories of drop-ins that a unit reads, the most specific first: `a-b.service` has
 * `a-b.service.d`, `a-.service.d` and `service.d` (systemd.unit(5)).
 */
export function dropInDirectories(unit: string): readonly string[] {
  const name = unit.replace(/\.service$/, "");
  const dashes = [...name.matchAll(/-/g)].map(({ index }) => name.slice(0, index + 1));
  const prefixes = dashes.filter((prefix) => prefix !== name).reverse();
  return [unit, ...prefixes.map((prefix) => `${prefix}.service`), "service"].map((of) => `${of}.d`);
}

/** @param texts of the unit and of its drop-ins, in the order in which they apply */
export function unitPlace(texts: readonly string[]): UnitPlace {
  const settings = new Map<string, string>();
  for (const text of texts) {
    for (const [key, value] of serviceSettings(text)) {
      // An empty value takes back what was set before, and the first command is the main one.
      if (value === "") settings.delete(key);
      else if (key !== "ExecStart" || !settings.has(key)) settings.set(key, value);
    }
  }
  const directory = settings.get("WorkingDirectory")?.replace(/^-/, "");
  return {
    root: rootIn(settings.get("ExecStart") ?? "", unescaped(directory ?? "")),
    user: settings.get("User") ?? "root",
  };
}

/** A command with another name is somebody's own wrapper; the runner runs in its directory anyway. */
function rootIn(command: string, directory: string): string | undefined {
  const program = firstWord(command.replace(/^[-@:+!|]+/, ""));
  const isUsual = program.startsWith("/") && program.endsWith("/runsvc.sh");
  const root = isUsual ? dirname(program) : directory;
  return root.startsWith("/") && root !== "/" ? root : undefined;
}

/** Keys and values of [Service], in their order. */
function serviceSettings(text: string): [string, string][] {
  let section = "";
  const found: [string, string][] = [];
  for (const line of logicalLines(text)) {
    section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
    const [, key, value] = /^(\w+)\s*=\s*(.*)$/s.exec(line) ?? [];
    if (section === "Service" && key !== undefined && value !== undefined) found.push([key, value]);
  }
  return found;
}

/** A backslash at the end of a line joins it with the next; comments between them do not count. */
function logicalLines(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*[#;]/.test(line));
  return lines
    .join("\n")
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.trim());
}

function firstWord(command: string): string {
  const quoted = /^(["'])((?:\\.|(?!\1).)*)\1/s.exec(command)?.[2];
  return unescaped(quoted ?? /^(?:\\.|\S)*/s.exec(command)?.[0] ?? "");
}

const unescaped = (text: string): string =>
  text
    .replace(/\\x([0-9a-fA-F]{2})|\\(.)/gs, (_, hex, character) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : character === "s" ? " " : character,
    )
    .replaceAll("%%", "%");
