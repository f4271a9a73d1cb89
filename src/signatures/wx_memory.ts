import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { noteRead, noteWrite, originOf } from "./file_origins.ts";
import { placeOf } from "./file_places.ts";
import { isJobsWorker } from "./jobs_worker.ts";
import { noteConnect, notePipes } from "./pipes.ts";
import { programOf } from "./programs.ts";

/*
 * Engines that compile while they run are many: languages, regular expressions (so any program that
 * searches), databases, emulators. So the act alone is low. What has no engine is a shell, perl, and
 * python as long as it loaded no library beside its own; and nobody knows what a dropped file is.
 */
export const wxMemory = defineSignature({
  id: "JW-168",
  name: "wx_memory",
  title: "Memory Made Executable",
  severity: "low",
  behaviours: ["wx_memory"],
  attack: ["T1055", "T1620"],
  doc: "A program that is no known engine made memory executable that it can write, or had written.",
  why: "Code that is put together in memory is in no file. Shellcode and unpacked malware run this way.",
  benign: [
    "Programs with an engine that is not known here, such as a new language or emulator: low.",
    "Programs that search with compiled regular expressions: grep, git and web servers are known.",
    "Python: the memory of ctypes is known, and silent; other libraries with an engine are not.",
  ],
  evade: [
    "Run within an engine that is known, such as node or java.",
    "Have python make just the memory that its ctypes also makes.",
    "Build the program in the job: what a compiler made is low.",
    "Have python load any library of a package first.",
    "Write code through a second mapping of a file that has a name.",
  ],
  events: [
    ...(["process_exec", "file_write", "file_open", "socket_connect"] as const),
    ...(["memory_protect", "code_mapping"] as const),
  ],

  match(event, job) {
    switch (event.event) {
      case "memory_protect":
        return isClosure(event, job)
          ? undefined
          : judge(event.how === "execute" ? "executable" : "writable and executable", job);
      case "code_mapping":
        return event.shared === "yes" && event.links === 0
          ? judge("executable through a second mapping", job)
          : undefined;
      case "file_write":
        noteWrite(event, job);
        return undefined;
      case "file_open":
        noteRead(event, job);
        noteLibrary(event, job);
        return undefined;
      case "socket_connect":
        noteConnect(event, job);
        return undefined;
      case "process_exec":
        notePipes(event, job);
        noteProgram(event, job);
        return undefined;
    }
  },

  examples: {
    fires: [
      [exec("/usr/bin/python3.11", "-c", "x"), protects("shared_write_execute")],
      [exec("/usr/bin/python3.11", "-"), protects("execute")],
      [exec("/usr/bin/perl", "x.pl"), protects("execute")],
      [exec("/usr/bin/dash", "x.sh"), protects("execute")],
      [exec("/home/ci/x"), protects("write_execute")],
      [exec("/usr/bin/sed", "s/x/y/"), protects("write_execute")],
      [
        { event: "process_exec", process_key: 3, path: "/usr/bin/curl", args: ["curl"] },
        { event: "file_write", process_key: 3, path: "/home/ci/x", inode: 9 },
        { ...exec("/home/ci/x"), inode: 9 } as Samples,
        protects("execute"),
      ],
      [
        exec("/home/ci/x"),
        { event: "code_mapping", process_key: 2, shared: "yes", path: "memfd:x" },
      ],
    ],
    silent: [
      [exec("/usr/bin/node", "x.js"), protects("write_execute")],
      [exec("/usr/bin/python3.11", "-c", "import ctypes"), protects("write_execute")],
      [exec("/usr/lib/jvm/java-17-openjdk-amd64/bin/java"), protects("write_execute")],
      [exec("/usr/bin/qemu-system-x86_64"), protects("execute")],
      [
        exec("/home/ci/x"),
        { event: "code_mapping", process_key: 2, shared: "no", path: "memfd:x" },
      ],
    ],
  },
});

// By name: a hint, which an attacker may take. It only makes the act silent, not what follows.
const engines =
  /^(node|nodejs|deno|bun|electron|java|javac|javaw|jshell|gradle|mvn|kotlin\w*|scala\w*|clojure|dotnet|mono\w*|pwsh|luajit|pypy\w*|php\w*|ruby\w*|irb|julia|R|Rscript|erl|beam\S*|elixir|iex|sbcl\w*|clisp|ecl|ccl|chez\w*|petite|racket|guile|gforth|ghc\S*|ocaml\w*|raku|moar|swift\w*|dart\w*|flutter\w*|wasmtime|wasmer|wasmedge|wazero|d8|js\d*|qjs|hermes|qemu-\S+|box(64|86)|fex\w*|valgrind\S*|memcheck-\S+|(none|helgrind|callgrind|massif|drd|cachegrind|lackey|dhat|exp-bbv)-(amd64|arm64|x86)-linux|rr|gdb|lldb\S*|drrun|pin|chrom\S*|google-chrome\S*|headless_shell|firefox\S*|plugin-container|msedge|brave|opera|WebKit\S*|MiniBrowser|geckodriver|postgres|mysqld|mariadbd|mongod|clickhouse\S*|mongosh|Xvfb|Xorg|Xwayland|gst-\S+|ffmpeg|blender|godot\S*|unity\S*|wine\S*|proton|nvim|cling|lli\S*|polymake|maxima|sage|matlab|octave\S*|tcc|esbuild|cypress|code|cargo-miri|git|grep|[ef]grep|ugrep|rg|ag|pcre\S*|nginx|apache2|httpd|haproxy|suricata|snort)$/i;
const namesLibrary = /\/(site-packages|dist-packages|node_modules|conda|lib\/R)\/.*\.so(\.|$)/;

/** What a process has loaded beside its own libraries. */
function noteLibrary({ path }: EventNamed<"file_open">, { memory, process }: JobContext): void {
  if (path.includes(".so") && namesLibrary.test(path)) {
    memory.set(`library ${process.process_key}`, 1);
  }
}

/** Whether nobody knows what the file is that was executed: it came from elsewhere, in this job. */
function noteProgram(event: EventNamed<"process_exec">, job: JobContext): void {
  const origin = originOf(event, job);
  const place = placeOf(event.path);
  const isNew =
    origin !== undefined && (origin.is_fetched || origin.is_decoded || isWritten.has(origin.tool));
  const isNowhere = event.links === 0 && event.path.startsWith("memfd:");
  const isOdd = place === "shared_memory" || place === "hidden";
  job.memory.set(`dropped ${event.process_key}`, isNowhere || isNew ? (isOdd ? 2 : 1) : 0);
}
const isWritten: ReadonlySet<string> = new Set(["shell", "interpreter", "decode", "fetch"]);

/** Python's ctypes asks for such memory as soon as it is imported, and calls back through it. */
const isClosure = (
  { how, call, process_key }: EventNamed<"memory_protect">,
  { process, memory }: JobContext,
): boolean =>
  how === "write_execute" &&
  call === "mmap" &&
  /^python/.test(baseName(process.path)) &&
  !memory.get(`dropped ${process_key}`);

function judge(what: string, job: JobContext): Match | undefined {
  const { process, memory } = job;
  const name = baseName(process.path);
  const dropped = memory.get(`dropped ${process.process_key}`) ?? 0;
  if (dropped === 0 && (name === "" || engines.test(name))) return undefined;
  if (isJobsWorker(process)) return undefined;
  const isLibrary = memory.get(`library ${process.process_key}`) !== undefined;
  const isOdd = dropped > 0 || hasNoEngine(process, isLibrary);
  if (!isOdd && isLibrary) return undefined;
  return {
    message: `${name} (pid ${process.pid}) made memory ${what}, and is not known to compile code as it runs.`,
    evidence: { program: process.path, pid: process.pid, what },
    key: `${process.path} ${isOdd}`,
    severity: isOdd ? "medium" : "low",
  };
}

/** Shells and perl never do it; python does when told to by what it runs, or by a library. */
function hasNoEngine({ path, args }: Process, isLibrary: boolean): boolean {
  const { kind, name, code } = programOf(path, args);
  if (kind === "shell" || /^perl/.test(name)) return true;
  return /^python/.test(name) && code.from !== "file" && !isLibrary;
}

function exec(path: string, ...args: readonly string[]): Samples {
  return { event: "process_exec", process_key: 2, path, links: 1, args: [baseName(path), ...args] };
}

function protects(how: EventNamed<"memory_protect">["how"]): Samples {
  return { event: "memory_protect", process_key: 2, how, call: "mmap" };
}
