import { defineSignature, type Match, type Samples } from "../engine/signature.ts";
import { baseName } from "./base_name.ts";
import { isOurs, isSecurityProgram } from "./security_programs.ts";

export const securityStopped = defineSignature({
  id: "JW-209",
  name: "security_stopped",
  title: "Security Program Stopped",
  severity: "high",
  behaviours: ["agent_tampering"],
  attack: ["T1562.001"],
  doc:
    "A process of the job stops, disables or removes a program that watches the machine, by the tools " +
    "that manage services and packages, or switches the kernel's auditing or access control off.",
  why:
    "What a job does after that is seen by nobody, and neither is what later jobs do: the machine is " +
    "not put back when the job ends.",
  benign: [
    "A job that sets AppArmor or SELinux aside for a test of sandboxes.",
    "Jobs that build the image of a machine.",
  ],
  evade: [
    "Arguments are hints: ask systemd over D-Bus, or use a tool of another name.",
    "Use the number of the process and a signal, which is reported by itself.",
    "A program that is not in the list of those that are known.",
  ],
  events: ["process_exec"],

  match({ path, args }, { process }) {
    const judge = tools.get(baseName(path));
    if (!judge) return undefined;
    const what = judge(args.slice(1));
    return what === undefined ? undefined : found(what, args, process.pid, baseName(path));
  },

  examples: {
    fires: [
      [runs("systemctl", "stop", "jobwarden")],
      [runs("systemctl", "--now", "disable", "falco.service")],
      [runs("systemctl", "mask", "auditd")],
      [runs("service", "auditd", "stop")],
      [runs("apt-get", "-y", "purge", "wazuh-agent")],
      [runs("auditctl", "-e", "0")],
      [runs("setenforce", "0")],
      [runs("rc-service", "falco", "stop")],
    ],
    silent: [
      [runs("systemctl", "stop", "mysql")],
      [runs("systemctl", "status", "jobwarden")],
      [runs("systemctl", "restart", "docker")],
      [runs("service", "postgresql", "stop")],
      [runs("apt-get", "install", "auditd")],
      [runs("auditctl", "-l")],
      [runs("echo", "systemctl", "stop", "jobwarden")],
    ],
  },
});

type Judge = (words: readonly string[]) => string | undefined;

const unit = (word: string): string => word.replace(/\.(service|socket|timer|slice)$/, "");
const watcher = (words: readonly string[]): string | undefined =>
  words.map(unit).find(isSecurityProgram);

/** One of the verbs, and the name of a program that watches; in any order. */
const ends =
  (verbs: readonly string[]): Judge =>
  (words) =>
    words.some((word) => verbs.includes(word)) ? watcher(words) : undefined;

const systemctl = ends(["stop", "kill", "disable", "mask", "freeze", "revert"]);
const service = ends(["stop", "kill"]);
const packages = ends([
  "remove",
  "purge",
  "autoremove",
  "erase",
  "-r",
  "-P",
  "-e",
  "--remove",
  "--purge",
  "del",
]);
const together = (words: readonly string[], wanted: RegExp, what: string): string | undefined =>
  wanted.test(words.join(" ")) ? what : undefined;

const tools: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ...["systemctl"].map((name) => [name, systemctl] as const),
  ...["service", "rc-service", "initctl", "invoke-rc.d"].map((name) => [name, service] as const),
  ...["apt", "apt-get", "dpkg", "dnf", "yum", "rpm", "zypper", "apk"].map(
    (name) => [name, packages] as const,
  ),
  ["auditctl", (words) => together(words, /(^| )(-e ?0|-D)( |$)/, "the kernel's auditing")],
  ["setenforce", (words) => together(words, /^(0|permissive)$/i, "SELinux")],
  ["aa-teardown", () => "AppArmor"],
]);

function found(what: string, args: readonly string[], pid: number, program: string): Match {
  return {
    message: `${program} (pid ${pid}) was told to end ${what}, which watches this machine.`,
    evidence: { what, arguments: args.join(" ").slice(0, shownBytes) },
    severity: isOurs(what) ? "critical" : "high",
    key: `${program} ${what}`,
  };
}
const shownBytes = 200;

function runs(program: string, ...args: string[]): Samples {
  return {
    ...{ event: "process_exec", process_key: 1, path: `/usr/bin/${program}` },
    args: [program, ...args],
  } as Samples;
}
