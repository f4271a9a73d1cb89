import assert from "node:assert/strict";
import { python } from "../programs.ts";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";
import { secret, startVictim, type Victim } from "../victim.ts";

let victims: readonly Victim[] = [];
const pids = (): string[] => victims.map(({ pid }) => String(pid));
const prepareAs =
  (...names: readonly string[]) =>
  async () => {
    victims = await Promise.all(names.map(startVictim));
    return () => Promise.all(victims.map((victim) => victim.end()));
  };

const happened = ({ stdout }: Traced) => assert.match(stdout, secret);
const found = {
  ...{ signature: "JW-112", severity: "high", behaviour: "env_harvest" },
  message: /Runner\.(Worker|Listener)/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "cat prints the Worker's environment, by a way through its own root",
    prepare: prepareAs("Runner.Worker"),
    command: () => ["cat", ...pids().map((pid) => `/proc/thread-self/root/proc/${pid}/environ`)],
    happened,
    found: { ...found, program: "/cat" },
  },
  {
    name: "a shell goes into the Listener's directory",
    prepare: prepareAs("Runner.Listener"),
    command: () => ["bash", "-c", 'cd /proc/$0; tr "\\0" "\\n" <./environ', ...pids()],
    happened,
    found: { ...found, program: "/bash" },
  },
  {
    name: "ps shows it",
    prepare: prepareAs("Runner.Worker"),
    command: () => ["ps", "eww", "-o", "args", "-p", ...pids()],
    happened,
    found: { ...found, program: "/ps" },
  },
  {
    name: "python reads that of several services",
    prepare: prepareAs("service", "database", "broker"),
    command: () => [
      ...[
        python,
        "-c",
        'import sys; [print(open(f"/proc/{p}/environ").read()) for p in sys.argv[1:]]',
      ],
      ...pids(),
    ],
    happened,
    found: { ...found, program: python, message: /of no job, and the job that of 2 others/ },
  },
  {
    name: "a process for each reads that of several services",
    prepare: prepareAs("service", "database", "broker"),
    command: () => ["sh", "-c", 'for p; do head -c 999 "/proc/$p/environ"; done', "sh", ...pids()],
    happened,
    found: { ...found, program: "/head", message: /and the job that of 2 others/ },
  },
];
