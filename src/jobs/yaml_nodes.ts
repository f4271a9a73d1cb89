import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";

/**
 * A YAML file that somebody else wrote, looked at node by node and never expanded, so that aliases
 * of aliases cost nothing. What is not as expected is undefined; nothing here throws.
 */
export class YamlFile {
  readonly #document: Document;
  readonly #lines: LineCounter;
  #aliases = 0;

  private constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  /** @returns undefined for a text that is too long or is no YAML */
  static parse(text: string): YamlFile | undefined {
    if (text.length > longestText || isTooDeep(text)) return undefined;
    const lines = new LineCounter();
    try {
      const document = parseDocument(text, {
        lineCounter: lines,
        uniqueKeys: false,
        // Of each error the text around it would be cut out, which takes a hostile file minutes.
        prettyErrors: false,
        logLevel: "silent",
      });
      return document.errors.length > 0 ? undefined : new YamlFile(document, lines);
    } catch {
      // The parser has limits of its own, its stack for one. No file, no steps.
      return undefined;
    }
  }

  get root(): unknown {
    return this.#document.contents;
  }

  /** What a key of a map has, aliases and merges followed. */
  get(node: unknown, key: string): unknown {
    return this.resolve(this.#pair(node, key, 0)?.value);
  }

  /** The node itself, or what it is an alias of. */
  resolve(node: unknown): unknown {
    if (!isAlias(node)) return node;
    if (++this.#aliases > mostAliases) return undefined;
    return node.resolve(this.#document) ?? undefined;
  }

  items(node: unknown): readonly unknown[] {
    const list = this.resolve(node);
    return isSeq(list) ? list.items : [];
  }

  text(node: unknown): string | undefined {
    const scalar = this.resolve(node);
    if (!isScalar(scalar)) return undefined;
    const { value, source } = scalar;
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? source : undefined;
  }

  has(node: unknown, key: string): boolean {
    return this.#pair(node, key, 0) !== undefined;
  }

  /** The line, from 1, on which that key of the map stands. */
  lineOfKey(node: unknown, key: string): number | undefined {
    return this.lineOf(this.#pair(node, key, 0)?.key);
  }

  lineOf(node: unknown): number | undefined {
    const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
    return range?.[0] === undefined ? undefined : this.#lines.linePos(range[0]).line;
  }

  #pair(node: unknown, key: string, depth: number): Pair | undefined {
    const map = this.resolve(node);
    if (!isMap(map)) return undefined;
    return pairOf(map, key) ?? this.#merged(map, key, depth);
  }

  #merged(map: YAMLMap, key: string, depth: number): Pair | undefined {
    const merge = pairOf(map, "<<");
    if (!merge || depth >= deepestMerge) return undefined;
    const value = this.resolve(merge.value);
    if (!isSeq(value)) return this.#pair(value, key, depth + 1);
    for (const one of value.items.slice(0, mostMerged)) {
      const found = this.#pair(one, key, depth + 1);
      if (found) return found;
    }
    return undefined;
  }
}

const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => isPair(pair) && isScalar(pair.key) && pair.key.value === key);

/** Brackets only: a text that nests them without end takes the parser a time that grows squared. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === openBracket || code === openBrace) depth++;
    else if (code === closeBracket || code === closeBrace) depth = Math.max(0, depth - 1);
    if (depth > deepestBrackets) return true;
  }
  return false;
}

const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
const deepestBrackets = 1000;
/** GitHub itself takes no workflow of more than 512 KiB. */
const longestText = 1024 * 1024;
/** Each is looked for in the whole document. */
const mostAliases = 200;
const deepestMerge = 4;
const mostMerged = 16;
