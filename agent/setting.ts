import { normalize } from "node:path";

/** One key of the configuration: the only definition of it. */
export interface Setting<T> {
  readonly default: T;
  /** Sentences for the reference page. */
  readonly doc: string;
  /** What may stand there, to complete “allowed: …”. */
  readonly allowed: string;
  /** Of its number, if it is one. */
  readonly unit?: string;
  /** Whether it is a list; `accept` then sees each item. */
  readonly is_list: boolean;
  /** @returns the value as the program uses it; undefined when it is not allowed */
  readonly accept: (value: unknown) => unknown;
}

/** Settings by key, and sections of them. */
export interface Settings {
  readonly [key: string]: Setting<unknown> | Settings;
}

/** The values of a table of settings. */
export type ValuesOf<S> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : ValuesOf<S[K]>;
};

export const isSetting = (entry: Setting<unknown> | Settings): entry is Setting<unknown> =>
  typeof entry["accept"] === "function";

/** A directory, which need not be there yet. */
export function directory(fallback: string, doc: string): Setting<string> {
  return {
    ...{ default: fallback, doc, is_list: false },
    allowed: aDirectory,
    accept: directoryOf,
  };
}

/** Directories, none by default. */
export function directories(doc: string): Setting<readonly string[]> {
  return { default: [], doc, is_list: true, allowed: aDirectory, accept: directoryOf };
}

/** True or false. */
export function flag(fallback: boolean, doc: string): Setting<boolean> {
  return {
    ...{ default: fallback, doc, is_list: false },
    allowed: "true or false",
    accept: (value) => (typeof value === "boolean" ? value : undefined),
  };
}

/** One word of several. */
export function word<const W extends string>(
  words: readonly W[],
  fallback: NoInfer<W>,
  doc: string,
): Setting<W> {
  return {
    ...{ default: fallback, doc, is_list: false },
    allowed: `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    accept: (value) => words.find((one) => one === value),
  };
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly unit: string;
}

/** A whole number within a range. */
export function whole(fallback: number, range: Range, doc: string): Setting<number> {
  const { least, most, unit } = range;
  return {
    ...{ default: fallback, doc, is_list: false, unit },
    allowed: `a whole number from ${least} to ${most} (${unit})`,
    accept: (value) => (isWithin(value, range) ? value : undefined),
  };
}

/** A power of two within a range. */
export function powerOfTwo(fallback: number, range: Range, doc: string): Setting<number> {
  const { least, most, unit } = range;
  const isPower = (value: number) => Number.isInteger(Math.log2(value));
  return {
    ...{ default: fallback, doc, is_list: false, unit },
    allowed: `a power of two from ${least} to ${most} (${unit})`,
    accept: (value) => (isWithin(value, range) && isPower(value) ? value : undefined),
  };
}

const aDirectory = "the absolute path of a directory other than /";

function directoryOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !value.startsWith("/") || value.includes("\0")) return undefined;
  const path = normalize(value).replace(/\/$/, "");
  return path === "" ? undefined : path;
}

const isWithin = (value: unknown, { least, most }: Range): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
