import { readFileSync } from "node:fs";
import { isMap, isScalar, LineCounter, type Pair, parseDocument, visit, type YAMLMap } from "yaml";
import type { Place } from "./plan.ts";

/** A YAML file and where its nodes stand. */
export interface YamlFile {
  readonly root: YAMLMap;
  readonly lines: LineCounter;
}

/**
 * Reads a file whose top is a mapping; an alias is replaced by what it stands for, which keeps the
 * place where that is written.
 * @throws Error when it is no YAML or no mapping
 */
export function readYaml(path: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw error;
  visit(document, { Alias: (_, alias) => alias.resolve(document) });
  if (!isMap(document.contents)) throw new Error(`${path} is no mapping`);
  return { root: document.contents as YAMLMap, lines };
}

/** The node or plain value below these keys. */
export function at(node: unknown, ...keys: readonly string[]): unknown {
  let found: unknown = node;
  for (const key of keys) {
    if (!isMap(found)) return undefined;
    found = pairAt(found as YAMLMap, key)?.value;
  }
  return isScalar(found) ? found.value : found;
}

/** The text below these keys; numbers and booleans are turned into text. */
export function textAt(node: unknown, ...keys: readonly string[]): string | undefined {
  const value = at(node, ...keys);
  return value === undefined || value === null || isMap(value) ? undefined : String(value);
}

/** The mapping of texts below these keys; empty when there is none. */
export function textsAt(node: unknown, ...keys: readonly string[]): Record<string, string> {
  const map = at(node, ...keys);
  return Object.fromEntries(keysOf(map).map((key) => [key, textAt(map, key) ?? ""]));
}

/** The keys of a mapping; none when it is no mapping. */
export const keysOf = (node: unknown): string[] =>
  isMap(node) ? node.items.map(({ key }) => String(key)) : [];

/** The entry of a mapping with this key. */
export const pairAt = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => String(pair.key) === key) as Pair | undefined;

/** Where a node begins. */
export function placeOf(node: unknown, lines: LineCounter): Place | undefined {
  const start = (node as { range?: [number, number, number] } | undefined)?.range?.[0];
  return start === undefined ? undefined : lines.linePos(start);
}
