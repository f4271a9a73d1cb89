import { baseName } from "./base_name.ts";
import { type Code, codeOf } from "./program_code.ts";

export type ProgramKind = "shell" | "interpreter" | "filter" | "program";

/**
 * What a program is by the name of its file, and where it takes its code from. Both are hints: a
 * copy under another name is not recognised.
 */
export interface Program {
  /** As people call it, such as `python3.11`. */
  readonly name: string;
  readonly kind: ProgramKind;
  readonly code: Code;
}

/** @param path the executed file, as the kernel resolved it; of a script the interpreter */
export function programOf(path: string, args: readonly string[]): Program {
  const [name, ownArgs] = calledName(path, args);
  // Versions and builds follow the name: python3.11, bash-static, perl5.36-x86_64-linux-gnu.
  const family = name.toLowerCase().replace(/[-_.\d].*$/, "");
  const kind = kinds.get(family) ?? "program";
  const runsCode = kind === "shell" || kind === "interpreter";
  return { name, kind, code: runsCode ? codeOf(family, kind, ownArgs) : { from: "file" } };
}

/** One file of BusyBox and ToyBox is many programs; which one, only the arguments say. */
function calledName(path: string, args: readonly string[]): [string, readonly string[]] {
  const name = baseName(path);
  if (!multiCall.test(name)) return [name, args];
  const called = baseName(args[0] ?? "");
  if (!multiCall.test(called)) return [called || name, args];
  return [baseName(args[1] ?? "") || name, args.slice(1)];
}

const multiCall = /^(busybox|toybox)\b/;

const listed = (kind: ProgramKind, names: string): [string, ProgramKind][] =>
  names.split(" ").map((name) => [name, kind]);

const kinds: ReadonlyMap<string, ProgramKind> = new Map([
  ...listed("shell", "sh ash bash dash zsh ksh mksh pdksh oksh fish csh tcsh rbash yash elvish nu"),
  // Not java: it cannot put a socket on its descriptors 0-2, and runs no program from a stream.
  ...listed("interpreter", "python pypy ipython perl ruby irb node nodejs bun deno php lua luajit"),
  ...listed("interpreter", "tclsh wish expect pwsh powershell awk gawk mawk nawk rscript r julia"),
  ...listed("interpreter", "guile racket groovy octave xonsh"),
  // They copy what they read, and scripts read the answer of a server with them: `cat <&3`.
  ...listed(
    "filter",
    "cat head tail grep egrep fgrep sed tee tr cut wc od hexdump xxd base64 sort",
  ),
  ...listed("filter", "uniq dd sha1sum sha256sum sha512sum gzip gunzip tar jq less more"),
  // It starts another program, which is then judged by its own exec: `timeout 1 cat <&3`.
  ...listed("filter", "timeout"),
]);

/** Whether the peer's words become commands, when standard input is the peer. */
export function runsItsInput({ kind, code }: Program): boolean {
  if (code.from !== "argument") return code.from === "stdin";
  const signs = kind === "shell" ? shellSigns : interpreterSigns;
  return signs.some((together) => together.every((sign) => sign.test(code.text)));
}

// What a shell's own words do with input. Shells that the text starts are not looked for: each is
// judged by its own exec. `"$@"` is a handler that somebody passed, no input.
const shellSigns: readonly (readonly RegExp[])[] = [
  [/\b(eval|source)\b/],
  [/(^|[;&|({\n]|\bdo\b|\bthen\b)\s*\.\s/],
  [/\b(read|mapfile|readarray)\b/, /(^|[;&|({\n]|\bdo\b|\bthen\b)\s*"?\$(?![@*(])/],
  [/(^|[;&|({\n]|\bdo\b|\bthen\b)\s*(\$\(|`)\s*(cat|head|dd|sed|tr|<)/],
];
// Shells that the text starts are looked for here: by way of a pseudo-terminal or pipe they do not
// have the socket on their descriptors.
const interpreterSigns: readonly (readonly RegExp[])[] = [
  [/\b(exec|eval|system|popen\w*|subprocess|spawn\w*|pty|child_process|passthru|proc_open|qx)\b/i],
];
