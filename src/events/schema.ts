import type { CallName } from "./calls.ts";

/**
 * The language in which an event is defined, once. From a definition follow the C struct, the
 * decoder, the SQLite table, the TypeScript type and the reference page.
 *
 * A record is a fixed part and a tail. A text field is a `__u32` length in the fixed part; its
 * bytes stand in the tail, in the order of the fields, so that a path of 20 bytes costs 20 bytes.
 */
export interface Field<T> {
  readonly doc: string;
  /** How the C struct declares it. */
  readonly kind: FieldKind;
  /** Bytes in the fixed part. */
  readonly size: number;
  readonly align: number;
  /** The field's value as a signature and the store see it; text fields read from `tail`. */
  readonly read: (record: DataView, at: number, tail: Buffer) => T;
  /** For a `choice`: the words, by number, and what their C names start with. */
  readonly words?: readonly string[];
  readonly prefix?: string;
  /** The value of zeroed memory. */
  readonly zero: T;
}
export type FieldKind =
  | ("u16" | "u32" | "u64" | "choice" | "endpoint")
  | ("text" | "path" | "args" | "bytes");

const integer = (kind: "u16" | "u32" | "u64", doc: string, read: Field<number>["read"]) =>
  ({ doc, kind, size: sizes[kind], align: sizes[kind], read, zero: 0 }) satisfies Field<number>;
const sizes = { u16: 2, u32: 4, u64: 8 } as const;

export const u16 = (doc: string) => integer("u16", doc, (record, at) => record.getUint16(at, true));
export const u32 = (doc: string) => integer("u32", doc, (record, at) => record.getUint32(at, true));

/** A 64-bit number read as a JavaScript number: exact below 2^53, which its doc must promise. */
export const u64 = (doc: string) =>
  integer("u64", doc, (record, at) => {
    return record.getUint32(at + 4, true) * 2 ** 32 + record.getUint32(at, true);
  });

/**
 * One of a closed list of words; the record and the table hold its number, views the word.
 * @param prefix what the C names of the words start with: `JW_<prefix>_<word>`
 */
export const choice = <const W extends readonly [string, ...string[]]>(
  doc: string,
  words: W,
  prefix: string,
): Field<W[number]> => ({
  doc,
  kind: "choice",
  size: 2,
  align: 2,
  read: (record, at) => words[record.getUint16(at, true)] ?? words[0],
  words,
  prefix,
  zero: words[0],
});

/**
 * An IPv4 or IPv6 address and port: `192.0.2.1:80`, `[2001:db8::1]:80`; empty when there is none.
 * A v4-mapped IPv6 address reads as the IPv4 address that it is, which is what the kernel contacts.
 */
export const endpoint = (doc: string): Field<string> => ({
  doc,
  kind: "endpoint",
  size: 20,
  align: 4,
  read: (record, at) => endpointText(record, at),
  zero: "",
});

/** Bytes of text, without a NUL at the end; invalid UTF-8 reads as U+FFFD. */
export const text = (doc: string): Field<string> => ({
  doc,
  kind: "text",
  size: 4,
  align: 4,
  read: (_record, _at, tail) => tail.toString("utf8", 0, tail.length),
  zero: "",
});

/**
 * A path that the kernel resolved. In the record its names stand from the last to the first, each
 * ended by NUL, because that is the order in which the kernel's dentries are walked.
 */
export const path = (doc: string): Field<string> => ({
  doc,
  kind: "path",
  size: 4,
  align: 4,
  read: (_record, _at, tail) => pathText(tail),
  zero: "",
});

/** Arguments, each ended by NUL in the record; invalid UTF-8 reads as U+FFFD. */
export const args = (doc: string): Field<readonly string[]> => ({
  doc,
  kind: "args",
  size: 4,
  align: 4,
  read: (_record, _at, tail) => {
    if (tail.length === 0) return [];
    const end = tail[tail.length - 1] === 0 ? tail.length - 1 : tail.length;
    return tail.toString("utf8", 0, end).split("\0");
  },
  zero: [],
});

/** Bytes as they are, a copy of their own. Only notices have them: the store has no such column. */
export const bytes = (doc: string): Field<Buffer> => ({
  doc,
  kind: "bytes",
  size: 4,
  align: 4,
  read: (_record, _at, tail) => Buffer.from(tail),
  zero: noBytes,
});
const noBytes = Buffer.alloc(0);

export const isTail = (kind: FieldKind): boolean =>
  kind === "text" || kind === "path" || kind === "args" || kind === "bytes";

export type Fields = Readonly<Record<string, Field<unknown>>>;
type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/** Bits of a record's `flags`. */
export const recordFlags = {
  /** A text was longer than its limit and was cut. */
  truncated: 1,
  /** Some memory could not be read; the field is empty or short. */
  unreadable: 2,
  /** A text comes from the caller's memory: the kernel did not keep what it decided. */
  from_caller: 4,
  /** The file has no name in any directory: deleted, or never had one (memfd, O_TMPFILE). */
  nameless: 8,
  /** The kernel's own copy of the name was joined to its directory; links in it are not followed. */
  unresolved: 16,
} as const;

/** How every record starts. From `job` on, records that tell the same are equal. */
export const header = {
  event_id: u16("The event's number."),
  flags: u16(
    "1: a text was cut. 2: memory unreadable. 4: caller's word. 8: no name. 16: unresolved.",
  ),
  size: u32("The whole record in bytes, tail included."),
  time_us: u64(
    "When it was recorded: Unix microseconds, by the boot clock, so that it never steps.",
  ),
  thread_id: u32("Thread id in the initial pid namespace."),
  job: u32("The job that the process belongs to."),
  process_key: u64("The process that did it: unique among all processes of this tracer."),
} satisfies Fields;

export interface Hook {
  /** The BPF program's C name. */
  readonly program: string;
  /** What it hangs on, and since which kernel that exists. */
  readonly on: string;
  /**
   * For a program that the dispatcher of system calls runs: the calls, by name.
   */
  readonly calls?: readonly CallName[];
  /** The program also wants calls that failed. */
  readonly any_result?: true;
  /** The program needs the kernel's copies of the names that the caller passed. */
  readonly names?: true;
  /** What is lost when this hook is the one in use. */
  readonly loses?: string;
}

export interface EventDefinition<N extends string = string, F extends Fields = Fields> {
  /** Never reused, never changed: it is in every stored record. */
  readonly id: number;
  readonly name: N;
  readonly doc: string;
  /** `bulk` kinds cannot displace `rare` ones: each has its ring. */
  readonly ring: "rare" | "bulk";
  /**
   * Ways to see it, the best first. Each way is a list of programs that are needed together; the
   * loader takes the first way that this kernel accepts whole.
   */
  readonly ways: readonly [readonly Hook[], ...(readonly Hook[])[]];
  /**
   * Two of the same process with the same fields are one row, with a count and the time of the last.
   * Absent for rare kinds, whose order matters.
   */
  readonly fold?: true;
  readonly fields: F;
}

/** The TypeScript type of a decoded event. */
export type EventOf<D> =
  D extends EventDefinition<infer N, infer F>
    ? { readonly event: N } & ValuesOf<typeof header> & ValuesOf<F>
    : never;

/** Ids from here on are of notices: words to the agent, of which nothing is stored. */
export const firstNoticeId = 1001;

/** Checks the house rules when the module loads, so that a definition that breaks one cannot run. */
export function defineEvent<const N extends string, const F extends Fields>(
  definition: EventDefinition<N, F>,
): EventDefinition<N, F> {
  const { name, doc, fields } = definition;
  const refuse = (why: string): never => {
    throw new Error(`event ${name}: ${why}`);
  };
  if (!/^[a-z][a-z0-9_]*$/.test(name)) refuse("the name is not snake_case");
  if (!doc.endsWith(".")) refuse("its doc is not a sentence");
  for (const [field, { doc, kind }] of Object.entries(fields)) {
    if (kind === "bytes" && definition.id < firstNoticeId) refuse(`no column can hold ${field}`);
    if (!/^[a-z][a-z0-9_]*$/.test(field)) refuse(`${field} is not snake_case`);
    if (field in header) refuse(`${field} is already in the header`);
    if (!doc.endsWith(".")) refuse(`the doc of ${field} is not a sentence`);
  }
  if (layoutOf({ ...header, ...fields }).size > 1024) refuse("its fixed part exceeds 1024 bytes");
  return definition;
}

export interface Slot {
  readonly name: string;
  readonly at: number;
  readonly field: Field<unknown>;
}

/** Where C puts the fields. The generated header asserts every offset, so the compiler agrees. */
export function layoutOf(fields: Fields): {
  readonly size: number;
  readonly slots: readonly Slot[];
} {
  let end = 0;
  const slots = Object.entries(fields).map(([name, field]) => {
    const at = roundUp(end, field.align);
    end = at + field.size;
    return { name, at, field };
  });
  return { size: roundUp(end, 8), slots };
}
const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

function pathText(tail: Buffer): string {
  if (tail.length === 0) return "";
  if (tail.length === 1 && tail[0] === 0) return "/";
  if (tail[0] === slash) return absoluteText(tail);
  const joined = tail
    .toString("utf8", 0, tail.length - 1)
    .split("\0")
    .reverse()
    .join("/");
  return hasDots.test(joined) ? withoutDots(joined) : joined;
}
const slash = 0x2f;

/** An absolute name starts at the root of its process, and no `..` leads out of that. */
function absoluteText(tail: Buffer): string {
  const [name = "", ...root] = tail.toString("utf8", 0, tail.length - 1).split("\0");
  const below = withoutDots(name);
  const above = root.reverse().join("/");
  return below === "/" ? above || below : above + below;
}

// Only a name that the kernel copied but did not resolve for us has these; dentries never do.
const hasDots = /\/\.{0,2}(\/|$)/;

function withoutDots(joined: string): string {
  const names: string[] = [];
  for (const name of joined.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}

const families = { none: 0, inet: 2, inet6: 10 } as const;

function endpointText(record: DataView, at: number): string {
  const family = record.getUint16(at, true);
  const port = record.getUint16(at + 2, true);
  if (family === families.inet) return `${ipv4Text(record, at + 4)}:${port}`;
  if (family !== families.inet6) return "";
  const words = Array.from({ length: 8 }, (_, i) => record.getUint16(at + 4 + 2 * i, false));
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
  if (isMapped) return `${ipv4Text(record, at + 16)}:${port}`;
  return `[${ipv6Text(words)}]:${port}`;
}

const ipv4Text = (record: DataView, at: number): string =>
  `${record.getUint8(at)}.${record.getUint8(at + 1)}.${record.getUint8(at + 2)}.${record.getUint8(at + 3)}`;

/** The canonical text of RFC 5952: the longest run of two or more zero words is `::`. */
function ipv6Text(words: readonly number[]): string {
  let start = -1;
  let length = 1;
  for (let i = 0; i < words.length; i++) {
    let end = i;
    while (end < words.length && words[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = words.map((word) => word.toString(16));
  if (start < 0) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}
