import assert from "node:assert/strict";
import { compiled, python } from "../programs.ts";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";
import { secret, startVictim, type Victim } from "../victim.ts";

let victim: Victim;
async function prepare() {
  victim = await startVictim("service");
  return () => victim.end();
}

const happened = ({ stdout }: Traced) => assert.match(stdout, secret);
const found = {
  ...{ signature: "JW-110", severity: "high", behaviour: "process_memory_access" },
  message: /service \(pid \d+\), which is of no job/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "dd in a pipeline reads a service's memory",
    prepare,
    command: () => [
      ...["sh", "-c", 'dd if=/proc/"$1"/mem bs=1 count=36 skip=$(($2)) 2>/dev/null | cat'],
      ...["sh", String(victim.pid), victim.address],
    ],
    happened,
    found: { ...found, program: "/dd" },
  },
  {
    name: "python calls what libc has for it",
    prepare,
    command: () => [
      python,
      "-c",
      `
import ctypes, sys
class Part(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
text = ctypes.create_string_buffer(36)
here = Part(ctypes.addressof(text), 36); there = Part(int(sys.argv[2], 16), 36)
ctypes.CDLL(None).process_vm_readv(int(sys.argv[1]), ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
print(text.value)`,
      ...[String(victim.pid), victim.address],
    ],
    happened,
    found: { ...found, program: python },
  },
  {
    name: "a program of the job reads another one of the job that it did not start",
    command: () => [
      ...[
        "sh",
        "-c",
        '"$1" >out & until [ -s out ]; do :; done; "$2" peek $! $(cut -d" " -f1 out); kill $!',
      ],
      ...["sh", compiled("victim"), compiled("reach")],
    ],
    happened,
    found: { ...found, severity: "medium", program: "/reach", message: /victim.* of this job/ },
  },
];
