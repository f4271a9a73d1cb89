import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { type Program, programOf } from "./programs.ts";

/** What a program does with files, by its name: who usually makes them so, and who seldom does. */
export type Tool =
  | ("build" | "package" | "archive" | "copy" | "decode" | "fetch")
  | ("shell" | "interpreter" | "other");

/** Their number in a memory. */
export const tools: readonly Tool[] = [
  ...(["other", "build", "package", "archive", "copy", "decode", "fetch"] as const),
  ...(["shell", "interpreter"] as const),
];

const listed = (tool: Tool, names: string): [string, Tool][] =>
  names.split(" ").map((name) => [name, tool]);

const byName: ReadonlyMap<string, Tool> = new Map([
  ...listed("build", "ld bfd gold lld mold collect2 lto1 lto-wrapper as cc cc1 cc1plus gcc g++"),
  ...listed("build", "c++ clang clang++ cpp rustc go link compile asm cgo swiftc ghc ocamlopt zig"),
  ...listed(
    "build",
    "dmd ldc2 rust-lld ld64 wild nim fpc gfortran f951 gnat1 nasm yasm tcc nvcc ptxas ptxlink",
  ),
  ...listed("build", "strip objcopy patchelf chrpath install_name_tool upx sstrip ranlib ar dwz"),
  ...listed("build", "eu-strip libtool emcc wasm-ld javac kotlinc scalac cargo cmake ninja make"),
  ...listed("build", "ccache sccache distcc conftest ocamlc mlton csc fsc bazel buck2 sold"),
  ...listed("package", "dpkg dpkg-deb apt apt-get apt-key rpm dnf yum zypper apk pacman snapd git"),
  ...listed(
    "package",
    "git-remote-https git-lfs hg svn docker dockerd containerd buildkitd podman",
  ),
  ...listed(
    "package",
    "brew conda mamba micromamba nix nix-daemon guix gem bundle rustup npm pnpm",
  ),
  ...listed("package", "yarn bun uv pip poetry pdm flatpak snap debootstrap microdnf rustup-init"),
  ...listed("archive", "tar bsdtar unzip bsdcpio cpio 7z 7za 7zz 7zr pax gzip gunzip zcat bunzip2"),
  ...listed("archive", "bzip2 xz unxz lzma zstd unzstd lz4 unrar jar unsquashfs pigz brotli gtar"),
  ...listed("copy", "cp install mv ln rsync ginstall cpio scp cat tee dd sed objdump split shuf"),
  ...listed("decode", "base64 base32 basenc uudecode openssl xxd gpg gpg2 gpgv ascii85 age"),
  ...listed("fetch", "curl wget wget2 aria2c axel http https xh curlie fetch lwp-request GET ftp"),
  ...listed("fetch", "tftp sftp nc ncat netcat socat lftp ncftpget w3m lynx links elinks telnet"),
]);

interface Known {
  readonly path: string;
  readonly program: Program;
  readonly tool: Tool;
}
/** Asked with each file that a process touches; a process keeps its arguments until its next exec. */
const known = new WeakMap<readonly string[], Known>();

function knownOf(process: Pick<Process, "path" | "args">): Known {
  const before = known.get(process.args);
  if (before?.path === process.path) return before;
  const program = programOf(process.path, process.args);
  const facts = { path: process.path, program, tool: toolOfProgram(program, process.args) };
  known.set(process.args, facts);
  return facts;
}

/** As `programOf`, remembered as long as the process has the same program. */
export const programOfProcess = (process: Pick<Process, "path" | "args">): Program =>
  knownOf(process).program;

/** What it is by the name of its file; packages are also known by the interpreter's script. */
export const toolOf = (process: Pick<Process, "path" | "args">): Tool => knownOf(process).tool;

function toolOfProgram(program: Program, args: readonly string[]): Tool {
  const tool = byName.get(program.name) ?? byName.get(withoutVersion(program.name));
  if (tool) return tool;
  if (program.kind === "interpreter") return isPackager(args) ? "package" : "interpreter";
  if (program.kind === "shell") return "shell";
  return "other";
}

// x86_64-linux-gnu-ld.bfd, gcc-12, clang-14, rustc-1.80.
const withoutVersion = (name: string): string =>
  name
    .replace(/^[a-z0-9_]+-(?:[a-z0-9_]+-)*(?=(ld|as|gcc|g\+\+|strip|objcopy|ar|ranlib)\b)/, "")
    .replace(/^ld\./, "")
    .replace(/-?[\d.]+$/, "");

const packager =
  /^(npm|npm-cli|npx|npx-cli|pnpm|yarn|corepack|pip[\d.]*|pipx|virtualenv|venv|ensurepip|poetry|pdm|uv|conda|gem|bundle|bundler|composer|rustup|setup)(\.[cm]?js|\.py|\.phar)?$/;

/** `python -m pip`, `node …/npm-cli.js`, `python -m venv`. */
const isPackager = (args: readonly string[]): boolean =>
  args.slice(0, 4).some((arg) => packager.test(baseName(arg)));

/** How code of interpreters turns text into what it stood for. */
export const decodes =
  /b64decode|b32decode|a85decode|decodebytes|decodestring|\batob\b|['"`]base64['"`]|decode_base64|base64_decode|MIME::Base64|from_?hex\b|unhexlify|['"`]hex['"`]|fromCharCode|map\s*\(\s*chr\b|(\bchr\s*\(\s*\d+\s*\)\W{1,4}){4}|codecs\.decode|zlib\.decompress|gzinflate|gzuncompress|str_rot13|unpack\s*\(?\s*['"](u|m0?|H\*)|pack\s*\(?\s*['"]H|FromBase64String|marshal\.loads/i;

/** Whether it turns text into what it stood for, as it was called. */
export function isDecoding({ path, args }: Pick<Process, "path" | "args">): boolean {
  const { name, kind, code } = programOfProcess({ path, args });
  if (kind === "interpreter") return code.from === "argument" && decodes.test(code.text);
  const has = (...options: readonly string[]) => args.some((arg) => options.includes(arg));
  switch (name) {
    case "base64":
    case "base32":
    case "basenc":
      return args.some((arg) => /^(-[a-z]*[dD][a-z]*|--d(ec(ode?)?|ecode)?)$/.test(arg));
    case "openssl":
      return has("-d", "-decrypt", "-verifyrecover");
    case "xxd":
      return args.some((arg) => /^-(p?r|r?p|revert)/.test(arg) && arg.includes("r"));
    case "gpg":
    case "gpg2":
    case "age":
      return has("-d", "--decrypt");
    case "uudecode":
    case "rev":
      return true;
    case "tr":
      return args.some((arg) => /n-z.*a-m|N-Z.*A-M|[A-Z]{26}|[a-z]{26}/.test(arg));
    default:
      return false;
  }
}
