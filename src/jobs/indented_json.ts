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

/**
 * Reads indented JSON by its lines and their indentation, so that a bracket, a quote or a number that
 * is masked costs the one value that it stands in. Only values that are over with their line are
 * lost; nothing throws, and the time grows with the text.
 */
export function readIndented(text: string): object | undefined {
  const root: Record<string, unknown> = Object.create(null);
  const open: Open[] = [{ indent: 0, values: root }];
  let last: Line | undefined;
  for (const line of linesIn(text)) {
    if (last && line.indent > last.indent && mayOpen(last.value)) enter(open, last, line);
    const isClosed = leave(open, line.indent);
    last = isEnd(line, isClosed) ? undefined : line;
    const top = open.at(-1);
    // What is deeper than the children of what is open belongs to nothing that was read.
    if (last && top && line.indent <= top.indent + step) put(top.values, line);
  }
  return Object.keys(root).length > 0 ? root : undefined;
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
    /^"((?:[^"\\]|\\.){0,500})"(?::[ ]?|\*\*\*[ ])(.*)$/s.exec(content) ?? [];
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

function put(into: Open["values"], { key, value }: Line): void {
  const read = mayOpen(value) ? undefined : scalar(value);
  if (Array.isArray(into)) into.push(value === mask ? mask : read);
  else if (key !== undefined) into[key] = value === mask ? mask : read;
}

function scalar(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not as it stands: the quotes at its ends are left out, the rest is taken as it is.
    return text.replace(/^\\?"/, "").replace(/\\?"(?:\*\*\*)?$/, "");
  }
}

const mask = "***";
/** Of indentation, from a bracket to what is in it. */
const step = 2;
const deepest = 64;
