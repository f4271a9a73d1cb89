import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { programOf } from "./programs.ts";

/** The program that a process runs: the executed file, or the script that its interpreter runs. */
export interface ActingProgram {
  /** The file's name; of a script without its suffix and version, such as `npm-cli` or `pip`. */
  readonly name: string;
  /** Where the code is; relative to the working directory when the caller gave it so. */
  readonly file: string;
  readonly isScript: boolean;
}

/** Undefined when an interpreter runs code from its arguments or its input. */
export function actingProgram({ path, args, cwd }: Process): ActingProgram | undefined {
  const { name, kind, code } = programOf(path, args);
  if (name === "java") return javaProgram(args);
  if (kind !== "interpreter" && kind !== "shell") return { name, file: path, isScript: false };
  if (code.from !== "file") return undefined;
  const module = args.indexOf("-m");
  const script = scriptIn(args);
  if (module > 0 && script === args[module + 1] && script !== undefined) {
    return { name: script.split(".", 1)[0] ?? "", file: script, isScript: true };
  }
  if (script === undefined) return undefined;
  const file = script.startsWith("/") ? script : `${cwd}/${script.replace(/^(\.\/)+/, "")}`;
  return { name: bareName(script), file, isScript: true };
}

/** The first word that is no option: options with a value of their own are few, and skipped. */
function scriptIn(args: readonly string[]): string | undefined {
  for (let at = 1; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (withValue.has(arg)) at++;
    else if (!arg.startsWith("-")) return arg;
  }
  return undefined;
}
const withValue = new Set(["-W", "-X", "-r", "--require", "--import", "-I", "-o", "-O"]);

/** Java names a class or an archive; build tools are known by theirs. */
function javaProgram(args: readonly string[]): ActingProgram {
  const isMain = (arg: string, at: number) =>
    /^[^-].*(?:\.jar|Launcher|Main|Daemon)$/.test(arg) &&
    !/^-(?:cp|classpath)$/.test(args[at - 1] ?? "");
  const main = args.find(isMain) ?? "";
  const tool = /maven|plexus\.classworlds|plexus-classworlds/.test(args.join(" "))
    ? "maven"
    : /gradle/i.test(main)
      ? "gradle"
      : "java";
  return { name: tool, file: main, isScript: true };
}

/** The name of a file without the suffix of a script and without a version. */
export function bareName(path: string): string {
  const name = baseName(path);
  const dot = name.indexOf(".");
  if (dot < 0 && !/^(?:pip|python)/.test(name)) return name;
  const bare = scripts.has(name.slice(name.lastIndexOf(".") + 1))
    ? name.slice(0, name.lastIndexOf("."))
    : name;
  return bare.replace(/(?<=^(?:pip|python|twine|gem|bundle))[\d.]+$/, "");
}
const scripts = new Set("py pyz js cjs mjs rb pl sh phar php".split(" "));

/** Programs that hand on what they read as it is, and interpreters, which may do anything. */
export function isBlunt({ path, args }: Process): boolean {
  const { name, kind } = programOf(path, args);
  return kind !== "program" || blunt.has(name);
}
const blunt = new Set(
  (
    "cp mv ln install tar bsdtar zip 7z bzip2 xz zstd scp rsync curl wget nc ncat netcat socat " +
    "openssl strings rg ag ack fold rev paste join diff cmp split xargs find gpg age"
  ).split(" "),
);

/** What to call a process in a sentence: its program, and the script that it runs. */
export function programName(process: Process): string {
  const name = baseName(process.path) || "a process";
  const program = actingProgram(process);
  return program?.isScript ? `${name} ${baseName(program.file)}` : name;
}
