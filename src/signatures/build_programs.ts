import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { programOf } from "./programs.ts";

/*
 * What builds are made of, by the names of programs: hints, as all names are. A target's name may
 * stand before, a version behind: `aarch64-linux-gnu-ld.bfd`, `clang-15`.
 */

/** What a process does in a build, as its program says. */
export interface Trade {
  /** Reads source and makes code of it. */
  readonly compiles: boolean;
  /** Puts objects together. */
  readonly links: boolean;
  /** Makes programs and libraries, whatever they are called. */
  readonly makes: boolean;
  /** Makes archives, but also unpacks them. */
  readonly packs: boolean;
  /** Works on what is shipped, such as strip. */
  readonly finishes: boolean;
  /**
   * Not a tool of builds but one that changes any file as it is told: a shell, an interpreter, a
   * filter (`script`), or what copies and renames (`copy`).
   */
  readonly hand: "script" | "copy" | undefined;
}

/** Asked for nearly each file that a job writes; an exec brings arguments that are new. */
export function tradeOf(process: Process): Trade {
  const known = trades.get(process.args);
  if (known?.path === process.path) return known;
  const trade = { ...find(process), path: process.path };
  trades.set(process.args, trade);
  return trade;
}
const trades = new WeakMap<readonly string[], Trade & { readonly path: string }>();

function find({ path, args }: Process): Trade {
  const name = baseName(path);
  const links = linkers.test(name);
  const makes = links || makers.test(name);
  const packs = packers.test(name);
  return {
    compiles: isCompiler(name, args),
    links,
    makes,
    packs,
    finishes: productTools.test(name),
    hand: (makes || packs) && !filters.test(name) ? undefined : handOf(name, path, args),
  };
}

function handOf(name: string, path: string, args: readonly string[]): Trade["hand"] {
  if (writers.test(name)) return "script";
  if (copiers.test(name)) return "copy";
  if (unpackers.test(name)) return undefined;
  if (programOf(path, args).kind === "program") return undefined;
  return args.slice(1, 4).some((arg) => builders.test(arg)) ? undefined : "script";
}

const compilers =
  /^(.*-)?(cc1(plus|obj|objplus)?|clang(\+\+)?|f951|gnat1|d21|go1|lto1|as|compile|asm|cgo|rustc|javac?|kotlinc|swift(c|-frontend)|ghc|ocamlopt|ocamlc|tcc|fpc|zig|nvcc|cudafe\+\+|csc|ldc2|dmd)(-?[\d.]+)?$/;
const scriptCompilers = /(^|\/)(tsc|esbuild|swc|webpack|rollup|vite|ncc|babel)(\.[cm]?js)?$/;

function isCompiler(name: string, args: readonly string[]): boolean {
  if (compilers.test(name)) return true;
  return name.startsWith("node") && scriptCompilers.test(args[1] ?? "");
}

const linkers =
  /^(.*-)?(ld(\.\w+|64)?|lld|gold|mold|wild|link|ar|gcc-ar|llvm-ar|collect2)(-?[\d.]+)?$/;

const makers = /^(.*-)?(ranlib|rustc|makensis)(-?[\d.]+)?$/;
const packers =
  /^(jar|zip|tar|bsdtar|gzip|pigz|xz|zstd|bzip2|dpkg-deb|rpmbuild|go|appimagetool|7zz?)(-?[\d.]+)?$/;

const copiers = /^(cp|mv|install|ln|rsync|ginstall)$/;
const filters = /^(gzip|xz|zstd|bzip2)$/;
const writers =
  /^(dd|tee|truncate|openssl|curl|wget|xxd|perl.*|lzma|unxz|bunzip2|bzip2|zstd|xz|socat|nc(\..*)?)$/;
/** They bring what was packed, or only start others. */
const unpackers = /^(tar|timeout)$/;

/** Python and Node programs that build, and so write objects and archives themselves. */
const builders =
  /(^|\/)(scons|waf|meson|emcc|em\+\+|conan|build|wheel|setup\.py|pyproject_hooks|auditwheel|delocate-wheel|twine|npm|npm-cli\.js|pnpm|yarn|vsce|webpack|electron-builder|gyp|bazel|buck2?)(\.\w+)?$/;

const productTools =
  /^(.*-)?(strip|objcopy|patchelf|chrpath|upx(-ucl)?|dwz|debugedit|eu-strip|codesign|osslsigncode|sbsign|zipalign|apksigner|jarsigner|java|prelink|elfedit|install_name_tool|objtool|sorttable)$/;
