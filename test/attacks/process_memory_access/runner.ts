import assert from "node:assert/strict";
import { compiled, python } from "../programs.ts";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";
import { secret, startVictim, type Victim } from "../victim.ts";

let victim: Victim;
const prepareAs = (name: string) => async () => {
  victim = await startVictim(name);
  return () => victim.end();
};

const worker = prepareAs("Runner.Worker");
const happened = ({ stdout }: Traced) => assert.match(stdout, secret);
const found = {
  ...{ signature: "JW-110", severity: "critical", behaviour: "process_memory_access" },
  message: /Runner\.(Worker|Listener)/,
} as const satisfies Partial<Variant["found"]>;

/** Goes through all memory that can be read, as the payload of a well-known attack did. */
const search = `
import os, re, sys
pid = sys.argv[1]
for line in open(f"/proc/{pid}/maps"):
    m = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
    if not m or "[v" in line: continue
    start, end = (int(x, 16) for x in m.groups())
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        memory.seek(start)
        for secret in re.findall(rb'"value":"[^"]*","isSecret":true', memory.read(end - start)):
            print(secret)
`;

/** Opens a name that says nothing, in a directory that it has open. */
const byDirectory = `
import os, sys
directory = os.open("/proc/" + sys.argv[1], os.O_PATH)
memory = os.open("mem", os.O_RDONLY, dir_fd=directory)
print(os.pread(memory, 36, int(sys.argv[2], 16)))
`;

export const variants: Variant[] = [
  {
    name: "python searches the Worker's memory for secrets",
    prepare: worker,
    command: () => [python, "-c", search, String(victim.pid)],
    happened,
    found: { ...found, program: python },
  },
  {
    name: "python reads it by an open directory",
    prepare: worker,
    command: () => [python, "-c", byDirectory, String(victim.pid), victim.address],
    happened,
    found: { ...found, program: python },
  },
  {
    name: "dd reads it through a thread's entry, by a relative path through another root",
    prepare: worker,
    command: () => [
      ...["sh", "-c"],
      `ln -s /proc/self/root/proc here; mkdir -p a/b; cd a/b
      dd bs=1 count=36 skip=$(($2)) if=../../here/$1/task/$1/mem 2>/dev/null`,
      ...["sh", String(victim.pid), victim.address],
    ],
    happened,
    found: { ...found, program: "/dd" },
  },
  {
    name: "a program copies the Listener's memory without opening it",
    prepare: prepareAs("Runner.Listener"),
    command: () => [compiled("reach"), "vm_read", String(victim.pid), victim.address],
    happened,
    found: { ...found, program: "/reach" },
  },
  {
    name: "a program traces the Worker",
    prepare: worker,
    command: () => [compiled("reach"), "peek", String(victim.pid), victim.address],
    happened,
    found: { ...found, program: "/reach" },
  },
  {
    name: "gdb prints what is there",
    prepare: worker,
    command: () => [
      ...["gdb", "-nx", "-batch", "-p", String(victim.pid)],
      ...["-ex", `x/s ${victim.address}`],
    ],
    happened,
    found: { ...found, program: "/gdb" },
  },
  {
    name: "a program takes the Worker's descriptor",
    prepare: worker,
    command: () => [compiled("reach"), "descriptor", String(victim.pid), victim.descriptor],
    happened,
    found: { ...found, signature: "JW-113", program: "/reach" },
  },
  {
    name: "cat opens what the Worker has open",
    prepare: worker,
    command: () => ["cat", `/proc/${victim.pid}/fd/${victim.descriptor}`],
    happened,
    found: { ...found, signature: "JW-113", program: "/cat" },
  },
  {
    name: "an open of the Worker's memory that is refused is seen",
    prepare: worker,
    command: () => [
      ...["setpriv", "--reuid=65534", "--clear-groups", "--"],
      ...["cat", `/proc/${victim.pid}/mem`],
    ],
    happened: ({ stderr }) => assert.match(stderr, /Permission denied/),
    found: { ...found, severity: "high", program: "/cat", message: /Worker.*not permitted/ },
  },
  {
    name: "a program that may not is seen to try",
    prepare: worker,
    command: () => [
      ...["setpriv", "--reuid=65534", "--clear-groups", "--"],
      ...[compiled("reach"), "vm_read", String(victim.pid), victim.address],
    ],
    happened: ({ stderr }) => assert.match(stderr, /process_vm_readv: Operation not permitted/),
    found: { ...found, severity: "high", program: "/reach", message: /Worker.*not permitted/ },
  },
];
