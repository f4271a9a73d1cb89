import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import { baseName } from "./base_name.ts";
import { placeOf } from "./file_places.ts";
import { isOfPackageHook, shellAbove } from "./package_hooks.ts";
import { programOf } from "./programs.ts";
import { decodes, isDecoding } from "./tools.ts";

export const obfuscatedCode = defineSignature({
  id: "JW-163",
  name: "obfuscated_code",
  title: "Disguised Code Was Run",
  severity: "medium",
  behaviours: ["obfuscated_execution"],
  attack: ["T1027", "T1059", "T1140", "T1218"],
  doc:
    "An interpreter was given code that decodes itself, or that a decoder had just printed; or a " +
    "program was started through the dynamic loader by hand.",
  why:
    "Encoding keeps code from being read before it runs. A loader started by hand runs a file that " +
    "may not be executed, and that then does not show as the program of the process.",
  benign: [
    "Remote tools that send themselves as encoded text, such as mitogen for Ansible.",
    "PowerShell's -EncodedCommand, where quoting is too hard.",
    "Bundles that bring a loader of their own and start it with --library-path: low.",
  ],
  evade: [
    "Decode within a script file, or write the decoder by hand.",
    "Evaluate the decoded text within a shell that reads a script: no program is started.",
    "A loader under another name.",
  ],
  events: ["process_exec"],

  match(event, job) {
    const { path, args } = event;
    if (isLoader.test(baseName(path))) return byLoader(event, job);
    const program = programOf(path, args);
    const found =
      program.code.from === "argument" ? byText(event, program.code.text, job) : undefined;
    noteSubstitution(event, job);
    return found;
  },

  examples: {
    fires: [
      [
        exec(2, "/usr/bin/python3.11", [
          "python3",
          "-c",
          "exec(__import__('base64').b64decode(x))",
        ]),
      ],
      [exec(2, "/usr/bin/node", ["node", "-e", "eval(Buffer.from('AA','base64').toString())"])],
      [exec(2, "/usr/bin/perl", ["perl", "-MMIME::Base64", "-e", "eval decode_base64('AA')"])],
      [exec(2, "/usr/bin/bash", ["bash", "-c", 'eval "$(echo QQ | base64 -d)"'])],
      [exec(2, "/usr/bin/pwsh", ["pwsh", "-enc", "ZQBjAGgAbwA="])],
      [
        exec(2, "/usr/bin/bash", ["bash", "x.sh"]),
        decoder(3, 2),
        exec(4, "/usr/bin/bash", ["bash", "-c", "echo it"], 2),
      ],
      [exec(2, "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", ["/lib64/ld-x", "/tmp/x"])],
      [exec(2, "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", ["/lib64/ld-x", "/bin/ls"])],
    ],
    silent: [
      [
        exec(2, "/usr/bin/python3.11", [
          "python3",
          "-c",
          "import base64; print(base64.b64decode(x))",
        ]),
      ],
      [exec(2, "/usr/bin/python3.11", ["python3", "-c", "exec(eval(sys.stdin.readline()))"])],
      [exec(2, "/usr/bin/bash", ["bash", "-c", "echo $KEY | base64 -d >key"])],
      [
        exec(2, "/usr/bin/bash", ["bash", "x.sh"]),
        decoder(3, 2),
        exec(4, "/usr/bin/make", ["make"], 2),
        exec(5, "/usr/bin/bash", ["bash", "-c", "echo it"], 2),
      ],
      [
        exec(2, "/usr/bin/bash", ["bash", "-c", "K=$(base64 -d k); bash -c 'echo it'"]),
        decoder(3, 2),
        exec(4, "/usr/bin/bash", ["bash", "-c", "echo it"], 2),
      ],
      [
        exec(2, "/usr/bin/bash", ["/bin/bash", "/usr/bin/ldd", "/tmp/x"]),
        exec(3, "/usr/lib/ld-linux-x86-64.so.2", ["/lib64/ld-x", "/tmp/x"], 2),
      ],
      [exec(2, "/usr/lib/ld-linux-x86-64.so.2", ["/lib64/ld-x", "--verify", "/tmp/x"])],
    ],
  },
});

const executes =
  /\b(exec|eval|execfile|compile|system|popen|spawn\w*|subprocess|Function|runInThisContext|runInNewContext|child_process|passthru|shell_exec|assert|instance_eval|Invoke-Expression|iex|__import__\(['"]os['"]\))\b|\bqx\b/;
const shellDecodes =
  /\b(base64|base32|basenc)\b[^|;&]*(\s-[a-z]*[dD]\b|--d)|\bxxd\s+-\w*r|\bopenssl\b[^|;&]*\s-d\b/;
const shellExecutes =
  /\b(eval|source)\b|(^|[;&|({\n])\s*\.\s+|\b(ba|da|z|k)?sh\s+-\w*c\b|\b(python[\d.]*|perl|ruby|node|php)\s+-\w*[cepr]\b/;

function byText(
  event: EventNamed<"process_exec">,
  text: string,
  job: JobContext,
): Match | undefined {
  const { path, args, pid } = event;
  const { kind, name } = programOf(path, args);
  const isEncoded =
    args.some((arg) => /^-e(nc|ncodedcommand)?$/i.test(arg)) && /^p(wsh|ower)/.test(name);
  const isOwn =
    kind === "shell"
      ? isDecodedAndRun(text)
      : isEncoded || (decodes.test(`${text} ${args.slice(1, 4).join(" ")}`) && executes.test(text));
  const isPrinted = !isOwn && kind === "shell" && isSubstituted(event, text, job);
  if (!isOwn && !isPrinted) return undefined;
  const how = isPrinted ? "that a decoder had just printed" : "that decodes itself";
  return {
    message: `${name} (pid ${pid}) was given code ${how}.`,
    evidence: { program: path, pid, code: text.slice(0, 200), bytes: text.length },
    key: `text ${path} ${text.slice(0, 100)}`,
    ...(isOfPackageHook(job.process, job) && { severity: "high" }),
  };
}

/** `eval "$(… | base64 -d)"`. A decoder that a pipe joins to a shell shows by itself. */
function isDecodedAndRun(text: string): boolean {
  const at = text.search(shellExecutes);
  if (at < 0) return false;
  const rest = text.slice(at).split("\n", 1)[0] ?? "";
  return /\$\(|`/.test(rest) && shellDecodes.test(rest);
}

/** A decoder whose output a shell takes: the next program of that shell may be given it as code. */
function noteSubstitution(event: EventNamed<"process_exec">, job: JobContext): void {
  const isPiped = event.stdout_kind === "pipe";
  const shell = shellAbove(job.process, job);
  if (!shell) return;
  const key = `printed ${shell.process_key}`;
  if (isPiped && isDecoding(job.process)) job.memory.set(key, 1);
  else if (!isPiped && job.memory.get(key)) job.memory.set(key, 0);
}

function isSubstituted(
  { process_key }: EventNamed<"process_exec">,
  text: string,
  job: JobContext,
): boolean {
  // A shell may itself become what it starts last.
  if (job.memory.get(`printed ${process_key}`)) return true;
  const shell = shellAbove(job.process, job);
  if (!shell || !job.memory.get(`printed ${shell.process_key}`)) return false;
  return !shell.args.some((arg) => arg.includes(text));
}

const isLoader = /^(ld-(linux|musl)[-\w.]*\.so(\.\d+)?|ld-[\d.]+\.so|ld\.so(\.\d)?|ld64\.so\.\d)$/;
const takesValue = new Set([
  ...["--library-path", "--preload", "--audit", "--argv0", "--inhibit-rpath"],
  ...["--glibc-hwcaps-prepend", "--glibc-hwcaps-mask"],
]);
const onlyTells = /^--(list|verify|help|version|list-tunables|list-diagnostics)/;

function byLoader(event: EventNamed<"process_exec">, job: JobContext): Match | undefined {
  const { path, args, cwd, pid } = event;
  let at = 1;
  for (; args[at]?.startsWith("--"); at++) {
    if (onlyTells.test(args[at] ?? "")) return undefined;
    if (takesValue.has(args[at] ?? "")) at++;
  }
  const target = args[at];
  const parent = job.processOf(job.process.parent_key);
  if (!target || parent?.args.slice(0, 2).some((arg) => baseName(arg) === "ldd")) return undefined;
  const file = target.startsWith("/") ? target : `${cwd}/${target}`;
  const place = placeOf(file);
  const isOdd = place === "hidden" || place === "shared_memory";
  const isOwnLibrary = args.includes("--library-path");
  const isUsual = (isOwnLibrary && !isOdd) || place === "system" || place === "package";
  return {
    message: `Process ${pid} started ${file} through the dynamic loader, not by itself.`,
    evidence: { loader: path, file, place, pid },
    key: `loader ${file}`,
    severity: isOdd ? "high" : isUsual ? "low" : "medium",
  };
}

function exec(process_key: number, path: string, args: readonly string[], parent_key = 1): Samples {
  return { event: "process_exec", process_key, parent_key, path, args };
}

function decoder(process_key: number, parent_key: number): Samples {
  const pipe = { stdout_kind: "pipe", stdout_inode: 70 } as const;
  return {
    ...exec(process_key, "/usr/bin/base64", ["base64", "-d"], parent_key),
    ...pipe,
  } as Samples;
}
