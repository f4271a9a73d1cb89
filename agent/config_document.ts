import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair } from "yaml";
import { printable } from "../src/base/escape_terminal.ts";
import { nearest } from "../src/cli/usage.ts";
import { rootOf } from "./config_yaml.ts";
import { isSetting, type Setting, type Settings, type ValuesOf } from "./setting.ts";

/** What is wrong at a place of the configuration; both count from 1. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface Reading {
  readonly all_names: readonly string[];
  readonly report: (at: unknown, message: string) => void;
  readonly lineOf: (at: unknown) => number;
}

const longestQuote = 60;
/** Who has more than this has given another file than a configuration. */
const mostProblems = 20;

/** Values of a YAML text, defaults where it says nothing or something wrong; all are frozen. */
export function valuesIn<S extends Settings>(
  text: string,
  settings: S,
): { readonly values: ValuesOf<S>; readonly problems: readonly ConfigProblem[] } {
  const lines = new LineCounter();
  const problems: ConfigProblem[] = [];
  const reportAt = (offset: number, message: string): void => {
    if (problems.length > mostProblems) return;
    const { line, col } = lines.linePos(offset);
    const what = problems.length < mostProblems ? message : "from here on more is wrong";
    problems.push({ line: Math.max(1, line), column: Math.max(1, col), message: what });
  };

  const root = rootOf(text, lines, reportAt);
  const reading: Reading = {
    all_names: namesIn(settings),
    report: (at, message) => reportAt(offsetOf(at), message),
    lineOf: (at) => lines.linePos(offsetOf(at)).line,
  };
  const values = section(root, settings, "", reading);
  // The table has the keys of S and their values; the checker cannot follow the walk.
  return { values: values as ValuesOf<S>, problems };
}

/** @param prefix of its keys' names: empty, or the section's name and a dot */
function section(
  node: unknown,
  settings: Settings,
  prefix: string,
  reading: Reading,
): Readonly<Record<string, unknown>> {
  const given = new Map<string, unknown>();
  const seen = new Map<string, number>();
  for (const { key, value } of pairsOf(node, settings, prefix, reading)) {
    const name = isScalar(key) ? String(key.value) : "";
    const entry = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (!entry) {
      reading.report(key, unknownKey(key, name, settings, prefix, reading));
      continue;
    }
    const first = seen.get(name);
    if (first !== undefined) {
      reading.report(key, `${prefix}${name} is already set on line ${first}`);
      continue;
    }
    seen.set(name, reading.lineOf(key));
    // An empty value has no place of its own.
    const at = isScalar(value) && value.source === "" ? key : value;
    const full = prefix + name;
    const result = isSetting(entry)
      ? settingIn({ node: value, at, entry, name: full }, reading)
      : section(value, entry, `${full}.`, reading);
    if (result !== undefined) given.set(name, result);
  }
  return Object.freeze(
    Object.fromEntries(
      Object.entries(settings).map(([key, entry]) => [key, given.get(key) ?? fallback(entry)]),
    ),
  );
}

/** A section without anything in it is all defaults: its lines may be comments. */
function pairsOf(
  node: unknown,
  settings: Settings,
  prefix: string,
  { report }: Reading,
): readonly Pair[] {
  if (isMap(node)) return node.items;
  if (node === undefined || node === null || (isScalar(node) && node.value === null)) return [];
  const what = prefix === "" ? "the file" : prefix.slice(0, -1);
  const keys = Object.keys(settings).join(", ");
  report(node, `${what} is ${found(node)}; allowed: the keys ${keys}`);
  return [];
}

interface Given {
  readonly node: unknown;
  /** Where to report it. */
  readonly at: unknown;
  readonly entry: Setting<unknown>;
  readonly name: string;
}

function settingIn(given: Given, reading: Reading): unknown {
  const { node, at, entry, name } = given;
  if (!entry.is_list) return acceptedIn(given, reading);
  if (!isSeq(node)) {
    reading.report(at, `${name} is ${found(node)}; allowed: a list, each item ${entry.allowed}`);
    return undefined;
  }
  const items = node.items.map((item, index) =>
    acceptedIn({ node: item, at: item, entry, name: `${name}[${index}]` }, reading),
  );
  return Object.freeze(items.filter((item) => item !== undefined));
}

function acceptedIn({ node, at, entry, name }: Given, { report }: Reading): unknown {
  const value = isScalar(node) ? entry.accept(node.value) : undefined;
  if (value === undefined) report(at, `${name} is ${found(node)}; allowed: ${entry.allowed}`);
  return value;
}

const fallback = (entry: Setting<unknown> | Settings): unknown =>
  isSetting(entry)
    ? Object.freeze(entry.default)
    : Object.freeze(
        Object.fromEntries(Object.entries(entry).map(([key, below]) => [key, fallback(below)])),
      );

function unknownKey(
  key: unknown,
  name: string,
  settings: Settings,
  prefix: string,
  reading: Reading,
): string {
  const allowed = `; allowed: ${Object.keys(settings).join(", ")}`;
  if (name === "") return `a key is ${found(key)}${allowed}`;
  const elsewhere = reading.all_names.find((full) => full.split(".").at(-1) === name);
  const near = elsewhere
    ? `; did you mean ${elsewhere}?`
    : nearest(prefix + name, reading.all_names) || nearest(name, Object.keys(settings), prefix);
  return `${printable(prefix + cut(name))} is not a setting${near || allowed}`;
}

/** Of settings by their full names, and of sections. */
function namesIn(settings: Settings, prefix = ""): readonly string[] {
  return Object.entries(settings).flatMap(([key, entry]) => {
    const name = prefix + key;
    return isSetting(entry) ? [name] : [name, ...namesIn(entry, `${name}.`)];
  });
}

function found(node: unknown): string {
  if (isAlias(node)) return `the alias *${printable(cut(node.source))}`;
  if (isMap(node)) return "a map of keys";
  if (isSeq(node)) return "a list";
  const value = isScalar(node) ? node.value : null;
  if (value === null) return "empty";
  if (typeof value === "string") return `the text "${printable(cut(value))}"`;
  return typeof value === "number" || typeof value === "bigint"
    ? `the number ${value}`
    : `${value}`;
}

const cut = (text: string): string =>
  text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;

const offsetOf = (at: unknown): number => (at as Node | null)?.range?.[0] ?? 0;
