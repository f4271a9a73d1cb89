import assert from "node:assert/strict";
import { compiled, python } from "../programs.ts";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

/** Only the other code ends so. */
const happened = ({ stdout }: Traced) => assert.match(stdout, /ended with 42/);
const found = {
  ...{ signature: "JW-111", severity: "medium", behaviour: "process_injection" },
  message: /sleep \(pid \d+\), which it started/,
} as const satisfies Partial<Variant["found"]>;

/** Puts code where a sleeping process will go on, without being its tracer. */
const writeAhead = `
import os, platform, subprocess
code, nanosleep = b"\\xbf\\x2a\\0\\0\\0\\xb8\\x3c\\0\\0\\0\\x0f\\x05", "230"
if platform.machine() == "aarch64":
    code, nanosleep = b"\\x40\\x05\\x80\\xd2\\xa8\\x0b\\x80\\xd2\\x01\\0\\0\\xd4", "115"
child = subprocess.Popen(["sleep", "0.3"])
call = [""]
while call[0] != nanosleep:
    call = open(f"/proc/{child.pid}/syscall").read().split()
memory = os.open(f"/proc/{child.pid}/mem", os.O_WRONLY)
os.pwrite(memory, code, int(call[-1], 16))
print("ended with", child.wait())
`;

export const variants: Variant[] = [
  {
    name: "a program starts sleep and makes it run other code by tracing it",
    command: () => [compiled("hollow"), "/bin/sleep", "10"],
    happened,
    found: { ...found, program: "/hollow" },
  },
  {
    name: "python writes code to where its sleeping child will go on",
    command: () => [python, "-c", writeAhead],
    happened,
    found: { ...found, program: python },
  },
];
