import { defineSignature, type JobContext, type Match, type Samples } from "../engine/signature.ts";
import type { EventNamed } from "../events/index.ts";
import type { Process } from "../jobs/process.ts";
import { baseName } from "./base_name.ts";
import { placeOf } from "./file_places.ts";
import { programOf } from "./programs.ts";
import { toolOf } from "./tools.ts";

/*
 * A program may call itself what it likes, and many differ from their file's name: login shells,
 * links to one program with many names, wrappers. So a contradiction counts only when the name is
 * one of the kernel's or of a service that everybody expects to see, or when the file says to be
 * no program; and a copy, when it is of a tool that is worth hiding.
 */
export const masquerade = defineSignature({
  id: "JW-164",
  name: "masquerade",
  title: "Program Under a False Name",
  severity: "medium",
  behaviours: ["masquerade"],
  attack: ["T1036.003", "T1036.004", "T1036.005", "T1036.008", "T1036.011"],
  doc:
    "A program was started under the name of a kernel thread or of a well-known service that it is " +
    "not, from a file that claims to be a picture or text, or as a renamed copy of a network tool or " +
    "interpreter.",
  why: "Whoever looks at the list of processes, or at a log, shall take it for something harmless.",
  benign: [
    "Tests of process managers that give a program another name.",
    "Wrappers of a service that start its program under the service's name.",
    "A Python installation that is copied for a virtual environment is known, and silent.",
  ],
  evade: [
    "Change the name while it runs (prctl, or by writing over the arguments): no event tells.",
    "Use a name that no list here has.",
    "Build the copied tool from source, or change the copy.",
  ],
  events: ["process_exec", "file_open", "file_write", "file_link"],

  match(event, job) {
    switch (event.event) {
      case "file_open":
        noteSource(event, job);
        return undefined;
      case "file_write":
        noteCopy(event, job);
        return undefined;
      case "file_link":
        noteLink(event, job);
        return undefined;
      case "process_exec":
        return byName(event) ?? byCopy(event, job);
    }
  },

  examples: {
    fires: [
      [exec("/usr/bin/sleep", "[kworker/0:1]")],
      [exec("/tmp/kworkerds", "/tmp/kworkerds")],
      [exec("/usr/bin/dash", "sshd")],
      [exec("/tmp/x", "/usr/lib/systemd/systemd-journald")],
      [exec("/home/ci/app/logo.png", "./logo.png")],
      [...copied("/usr/bin/curl", "/tmp/helper"), exec("/tmp/helper", "/tmp/helper", 99)],
      [
        { event: "file_link", process_key: 3, path: "/usr/bin/curl", new_path: "/tmp/helper" },
        exec("/tmp/helper", "/tmp/helper"),
      ],
      [...copied("/usr/bin/sleep", "/tmp/sshd"), exec("/tmp/sshd", "/tmp/sshd", 99)],
    ],
    silent: [
      [
        { event: "process_exec", process_key: 3, path: "/usr/bin/node", args: ["node", "x"] },
        { event: "file_open", process_key: 3, path: "/usr/bin/node", access: "read" },
        { event: "file_write", process_key: 3, path: "/tmp/tool", inode: 99 },
        exec("/tmp/tool", "/tmp/tool", 99),
      ],
      [exec("/usr/bin/bash", "-bash")],
      [exec("/usr/bin/busybox", "crond")],
      [exec("/usr/bin/dash", "[")],
      [exec("/usr/sbin/sshd", "sshd")],
      [exec("/nix/store/a/bin/.nginx-wrapped", "nginx")],
      [exec("/usr/sbin/apache2", "/usr/sbin/httpd", 0, "/usr/sbin/httpd")],
      [
        ...copied("/usr/bin/python3.11", "/home/ci/venv/bin/python"),
        exec("/home/ci/venv/bin/python", "python", 99),
      ],
      [...copied("/usr/bin/curl", "/opt/bin/curl"), exec("/opt/bin/curl", "curl", 99)],
      [...copied("/usr/bin/sleep", "/tmp/child"), exec("/tmp/child", "/tmp/child", 99)],
    ],
  },
});

const kernelThread =
  /^\[?(kworker|kthreadd|ksoftirqd|kswapd|kdevtmpfs|kcompactd|khugepaged|khungtaskd|kblockd|kauditd|kintegrityd|kthrotld|ksmd|kstrp|kverityd|kpsmoused|ipv6_addrconf|jbd2|xfsaild|rcu_(sched|preempt|gp|par_gp|tasks\w*)|migration|cpuhp|oom_reaper|scsi_eh_\d+|watchdogd|irq)(\b|[/:\d]|ds?i?\b)/;
const services = new Set(
  (
    "systemd systemd-journald systemd-udevd systemd-logind systemd-resolved systemd-networkd " +
    "systemd-timesyncd sshd cron crond atd dbus-daemon dbus-broker rsyslogd syslogd auditd " +
    "agetty getty polkitd udevd NetworkManager dockerd containerd containerd-shim nginx apache2 " +
    "httpd chronyd ntpd snapd accounts-daemon Runner.Listener Runner.Worker irqbalance acpid " +
    "udisksd packagekitd fwupd multipathd networkd-dispatcher unattended-upgrade"
  ).split(" "),
);
const multiCall = /^(busybox|toybox|coreutils|openrc|s6|runit)/;
const noProgram =
  /\.(jpe?g|png|gif|bmp|ico|svg|webp|pdf|mp[34]|wav|css|woff2?|ttf|docx?|xlsx?|txt|log|md|json|xml|ya?ml|csv|html?)$/i;

function byName(event: EventNamed<"process_exec">): Match | undefined {
  const { path, called_as, args } = event;
  const [first = ""] = args;
  const file = baseName(path);
  if (multiCall.test(file)) return undefined;
  const word = first.split(" ", 1)[0] ?? "";
  const isBracketed = /^\[[\w/:.+-]+\]$/.test(word);
  const isThread = kernelThread.test(file) && placeOf(path) !== "system";
  if (isBracketed || isThread) {
    return found(event, `as ${first}, which looks like a kernel thread`, "high");
  }
  if (noProgram.test(file)) {
    return found(event, "whose file's name says that it is no program", "medium");
  }
  const name = baseName(word.replace(/:$/, ""));
  if (!services.has(name) || file.includes(name) || isScript(event)) return undefined;
  // A link among the system's programs, such as an alternative.
  if (baseName(called_as) === name && placeOf(called_as) === "system") return undefined;
  const isUsual = placeOf(path) === "system" && programOf(path, args).kind === "program";
  const how = `under the name of the service ${name}`;
  return found(event, how, isUsual ? "medium" : "high");
}

/** Of a script, the first argument is the interpreter, as its first line says it. */
const isScript = ({ called_as, args }: EventNamed<"process_exec">): boolean =>
  args.slice(1).includes(called_as);

/** Tools that are worth hiding. A copy of a shell is often part of another root directory. */
const hidden =
  /^(curl|wget|nc|ncat|netcat|socat|nc\.\w+|ssh|scp|openssl|python|perl|ruby|node|php|lua|bash|dash|busybox|tcpdump|nmap|gdb|strace|docker|kubectl|aws|gcloud|gh)$/;
const familyOf = (name: string): string =>
  name.replace(/(?<=\w)[-.]?\d[\d.]*$/, "").replace(/^\./, "");

/** The number of a name in the memory: its place in a list, or one for all others. */
const toolNames = hidden.source.slice(2, -2).split("|");
const otherProgram = 1000;

/** A copier opens a system program to read it. */
function noteSource(
  { path, access }: EventNamed<"file_open">,
  { memory, process }: JobContext,
): void {
  // An interpreter also reads its own file.
  if (access !== "read" || !isProgramPlace.test(path) || path === process.path) return;
  if (!isCopier(process)) return;
  const at = toolNames.indexOf(familyOf(baseName(path)));
  memory.set(`source ${process.process_key}`, at < 0 ? otherProgram : at);
}

const isProgramPlace = /^\/(usr\/(local\/)?)?s?bin\/|^\/usr\/lib(exec)?\/.*\/bin\//;

function isCopier(process: Process): boolean {
  const tool = toolOf(process);
  return tool === "copy" || tool === "shell" || tool === "interpreter";
}

function noteCopy(event: EventNamed<"file_write">, { memory, process }: JobContext): void {
  const source = memory.get(`source ${process.process_key}`);
  if (source !== undefined) memory.set(`copy ${event.device} ${event.inode}`, source);
}

/** A hard link is the program itself under a further name. */
function noteLink({ path, new_path }: EventNamed<"file_link">, { memory }: JobContext): void {
  if (!isProgramPlace.test(path) || isProgramPlace.test(new_path)) return;
  const at = toolNames.indexOf(familyOf(baseName(path)));
  memory.set(`link ${new_path}`, at < 0 ? otherProgram : at);
}

function byCopy(event: EventNamed<"process_exec">, { memory }: JobContext): Match | undefined {
  const source =
    memory.get(`copy ${event.device} ${event.inode}`) ?? memory.get(`link ${event.path}`);
  if (source === undefined) return undefined;
  const file = baseName(event.path);
  if (services.has(file)) {
    return found(event, `as a copy of another program that is called ${file}`, "high");
  }
  const original = toolNames[source];
  if (original === undefined || familyOf(file).startsWith(original) || isShell(original, file)) {
    return undefined;
  }
  return found(event, `as a renamed copy of ${original}`, "medium");
}

const isShell = (original: string, file: string): boolean =>
  /^(bash|dash|busybox)$/.test(original) && /^(sh|ash|bash|dash|rbash|init)$/.test(file);

function found(
  { path, called_as, args, pid }: EventNamed<"process_exec">,
  how: string,
  severity: "medium" | "high",
): Match {
  return {
    message: `Process ${pid} ran ${path} ${how}.`,
    evidence: { path, called_as, name: args[0] ?? "", pid },
    key: `${path} ${args[0] ?? ""}`,
    severity,
  };
}

function exec(path: string, name: string, inode = 0, called_as = path): Samples {
  return { event: "process_exec", process_key: 2, path, called_as, inode, args: [name, "1"] };
}

/** What a copier does. */
function copied(from: string, to: string): readonly [Samples, Samples, Samples] {
  return [
    { event: "process_exec", process_key: 3, path: "/usr/bin/cp", args: ["cp", from, to] },
    { event: "file_open", process_key: 3, path: from, access: "read" },
    { event: "file_write", process_key: 3, path: to, inode: 99 },
  ];
}
