import assert from "node:assert/strict";
import { compiled, python } from "../programs.ts";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";
import { startVictim, type Victim } from "../victim.ts";

let victim: Victim;
const prepareAs = (name: string) => async () => {
  victim = await startVictim(name);
  return () => victim.end();
};

const happened = ({ stdout }: Traced) => assert.match(stdout, /overwrit/);
const found = {
  ...{ signature: "JW-111", severity: "critical", behaviour: "process_injection" },
  message: /Runner\.(Worker|Listener)/,
} as const satisfies Partial<Variant["found"]>;

const write = `
import os, sys
memory = os.open(f"/proc/{sys.argv[1]}/mem", os.O_RDWR)
os.pwrite(memory, b"overwritten", int(sys.argv[2], 16))
print(os.pread(memory, 36, int(sys.argv[2], 16)))
`;

export const variants: Variant[] = [
  {
    name: "a program traces the Worker and replaces a word",
    prepare: prepareAs("Runner.Worker"),
    command: () => [compiled("reach"), "poke", String(victim.pid), victim.address],
    happened,
    found: { ...found, program: "/reach" },
  },
  {
    name: "python writes to the Listener's memory file",
    prepare: prepareAs("Runner.Listener"),
    command: () => [python, "-c", write, String(victim.pid), victim.address],
    happened,
    found: { ...found, program: python },
  },
  {
    name: "a program writes into a service of the host at once",
    prepare: prepareAs("service"),
    command: () => [compiled("reach"), "vm_write", String(victim.pid), victim.address],
    happened,
    found: { ...found, severity: "high", program: "/reach", message: /wrote .* of no job/ },
  },
];
