/** The line that began a list or an object, and what is in it so far. */
interface Open {
  readonly indent: number;
  readonly values: unknown[] | Record<string, unknown>;
}

interface Line {
  readonly indent: number;
  readonly key: string | undefined;
  /** Without the comma after it. */
  readonly value: string;
}

export interface IndentedJson {
  readonly root: object;
  /** False when lines stood where none can, so that lists may have lost or won elements. */
  readonly is_sound: boolean;
}

/**
 * Reads indented JSON by its lines and their indentation, so that a bracket, a quote or a number that
 * is masked costs the one value that it stands in. Only values that are over with their line are
 * lost; nothing throws, and the time grows with the text.
 */
export function readIndented(text: string): IndentedJson | undefined {
  const root: Record<string, unknown> = Object.create(null);
  const open: Open[] = [{ indent: 0, values: root }];
  let last: Line | undefined;
  let is_sound = true;
  for (const line of linesIn(text)) {
    if (last && line.indent > last.indent && mayOpen(last.value)) enter(open, last, line);
    const isClosed = leave(open, line.indent);
    const top = open.at(-1);
    last = undefined;
    // At the very edge stands nothing but the end of the whole, masked or not.
    if (!top || line.indent === 0 || isEnd(line, isClosed)) continue;
    // What is deeper than the children of what is open belongs to nothing that was read.
    if (line.indent !== top.indent + step) is_sound = false;
    else if (put(top.values, line)) last = line;
    else is_sound = false;
  }
  return Object.keys(root).length > 0 ? { root, is_sound } : undefined;
}

/** All but the first line, which has the outer brace behind a space. */
function* linesIn(text: string): Generator<Line> {
  let start = text.indexOf("\n") + 1;
  while (start > 0 && start < text.length) {
    const newline = text.indexOf("\n", start);
    const written = text.slice(start, newline < 0 ? text.length : newline);
    start = newline + 1;
    const content = written.trim();
    if (content !== "") yield lineOf(written.length - written.trimStart().length, content);
  }
}

function lineOf(indent: number, content: string): Line {
  const [, key, rest = content] =
    /^"((?:[^"\\]|\\.){0,500})"(?:: ?|\*\*\*(?: |(?=["{[])))(.*)$/s.exec(content) ?? [];
  return { indent, key, value: rest.endsWith(",") ? rest.slice(0, -1) : rest };
}

const mayOpen = (value: string): boolean => value === "{" || value === "[" || value === mask;

/** What is masked is a list when its first line has no key. */
function enter(open: Open[], { indent, key, value }: Line, child: Line): void {
  const parent = open.at(-1);
  if (!parent || open.length >= deepest) return;
  const isList = value === mask ? child.key === undefined : value === "[";
  const values = isList ? [] : Object.create(null);
  const into = parent.values;
  if (!Array.isArray(into)) {
    if (key !== undefined) into[key] = values;
  } else if (into.length > 0) into[into.length - 1] = values;
  open.push({ indent, values });
}

/** @returns whether one was open whose end could stand at that indentation */
function leave(open: Open[], indent: number): boolean {
  let isClosed = false;
  while (open.length > 1 && (open.at(-1)?.indent ?? 0) >= indent) {
    isClosed = open.pop()?.indent === indent;
  }
  return isClosed;
}

const isEnd = ({ key, value }: Line, isClosed: boolean): boolean =>
  key === undefined && (/^[}\]](?:\*\*\*)?$/.test(value) || (isClosed && value === mask));

/** @returns false when that key was there before: two objects have become one */
function put(into: Open["values"], { key, value }: Line): boolean {
  if (Array.isArray(into)) return into.push(scalar(value)) > 0;
  if (key === undefined) return true;
  if (Object.hasOwn(into, key)) return false;
  into[key] = scalar(value);
  return true;
}

/** What begins something is replaced when that begins. */
function scalar(text: string): unknown {
  if (text === "{" || text === "[") return undefined;
  if (likeJson.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // An escape that is none, or a quote that masking left alone.
    }
  }
  return text.replace(/^\\?"/, "").replace(/\\?"(?:\*\*\*)?$/, "");
}

/** Most of what is no JSON is known without the cost of an error. */
const likeJson = /^(?:".*"|-?[0-9][0-9.eE+-]*|true|false|null|\{\}|\[\])$/s;
const mask = "***";
/** Of indentation, from a bracket to what is in it. */
const step = 2;
const deepest = 64;
