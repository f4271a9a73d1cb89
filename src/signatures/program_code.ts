/** Where a shell or interpreter takes its code from, by its arguments. */
export type Code =
  | { readonly from: "stdin" }
  | { readonly from: "file" }
  | { readonly from: "argument"; readonly text: string };

/** How options say where the code is. Letters may be joined behind one dash, as in `-euc`. */
interface Options {
  /** Letters and whole options before code. */
  readonly code?: readonly string[];
  /** Letters before the name of a file or module with code. */
  readonly file?: readonly string[];
  /** Letters and whole options before a value that is no code. */
  readonly value?: readonly string[];
  /** Letters whose value, if any, is joined to them. */
  readonly joined?: readonly string[];
}

/** @param args the first one included */
export function codeOf(
  family: string,
  kind: "shell" | "interpreter",
  args: readonly string[],
): Code {
  return kind === "shell" ? codeOfShell(args) : codeOfInterpreter(options[family] ?? {}, args);
}

const stdin: Code = { from: "stdin" };
const file: Code = { from: "file" };
const fileOrStdin = (name: string): Code => (isStdin.test(name) ? stdin : file);
const isStdin = /^(-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/(self|thread-self|\d+)\/fd\/0)$/;

/** In a shell, the code of `-c` is the first word after all options. */
function codeOfShell(args: readonly string[]): Code {
  let isCode = false;
  let at = 1;
  for (; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "-" || arg === "--") {
      at++;
      break;
    }
    if (arg.startsWith("--command=")) return { from: "argument", text: arg.slice(10) };
    if (arg === "--command") isCode = true;
    else if (arg === "--rcfile" || arg === "--init-file") at++;
    else if (arg.startsWith("--")) continue;
    else if (!/^[-+]/.test(arg)) break;
    else if (/^-[^c]*s/.test(arg)) return stdin;
    else {
      if (arg.startsWith("-") && arg.includes("c")) isCode = true;
      // -o pipefail, also at the end of joined letters; -O extglob.
      if (/[oO]$/.test(arg)) at++;
    }
  }
  const word = args[at];
  if (isCode) return { from: "argument", text: word ?? "" };
  return word === undefined ? stdin : fileOrStdin(word);
}

function codeOfInterpreter(own: Options, args: readonly string[]): Code {
  for (let at = 1; at < args.length; at++) {
    const arg = args[at] ?? "";
    const next = args[at + 1] ?? "";
    const [name = "", value] = arg.split(/=(.*)/s);
    if (own.code?.includes(name)) return { from: "argument", text: value ?? next };
    if (arg === "--") return args[at + 1] === undefined ? stdin : fileOrStdin(next);
    if (own.value?.includes(arg)) at++;
    else if (arg.startsWith("--")) continue;
    else if (!/^-./.test(arg)) return fileOrStdin(arg);
    else {
      const code = codeInLetters(own, arg, next);
      if (code === "takes next") at++;
      else if (code) return code;
    }
  }
  return stdin;
}

function codeInLetters(own: Options, arg: string, next: string): Code | "takes next" | undefined {
  for (let i = 1; i < arg.length; i++) {
    const letter = arg.charAt(i);
    const rest = arg.slice(i + 1);
    if (own.code?.includes(letter)) return { from: "argument", text: rest || next };
    if (own.file?.includes(letter)) return fileOrStdin(rest || next);
    if (own.value?.includes(letter)) return rest ? undefined : "takes next";
    if (own.joined?.includes(letter)) return undefined;
  }
  return undefined;
}

const python: Options = { code: ["c"], file: ["m"], value: ["W", "X"] };
const perl: Options = { code: ["e", "E"], joined: [..."ICMVWdimx0"] };
const script: Options = { code: ["e"], value: ["r", "l", "I"] };
const node: Options = {
  // `deno eval CODE`; `bun -e CODE`.
  code: ["e", "p", "--eval", "--print", "eval"],
  value: ["r", "C", "--require", "--import", "--loader", "--conditions"],
};
const power: Options = {
  code: [..."ce", "-command", "-enc", "-encodedcommand"].flatMap(withCapitals),
  value: ["-ExecutionPolicy", "-ep"],
  joined: [..."abdfghijklmnopqrstuvwxyzABDFGHIJKLMNOPQRSTUVWXYZ"],
};
// The first word is the program, unless -f names its file.
const awk: Options = { file: ["f"], value: ["F", "v"] };

function withCapitals(option: string): readonly string[] {
  const capitals = option
    .replace(/^-./, (start) => start.toUpperCase())
    .replace("command", "Command");
  return [option, capitals];
}

const options: Readonly<Record<string, Options>> = {
  python,
  pypy: python,
  ipython: python,
  perl,
  ruby: { code: ["e"], joined: [..."CEFIKTWdirx0"] },
  lua: script,
  luajit: script,
  julia: { code: ["e", "E", "--eval", "--print"] },
  rscript: { code: ["e"] },
  r: { code: ["e"], file: ["f"] },
  groovy: { code: ["e"] },
  guile: { code: ["c"], file: ["s"] },
  racket: { code: ["e"] },
  octave: { code: ["--eval"] },
  node,
  nodejs: node,
  bun: node,
  deno: node,
  php: { code: ["r", "B", "R", "E"], file: ["f", "F"], value: ["c", "d", "z"] },
  expect: { code: ["c"], file: ["f"] },
  pwsh: power,
  powershell: power,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
};
