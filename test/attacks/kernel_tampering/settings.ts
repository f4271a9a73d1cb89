import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Place, Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const found = {
  ...{ signature: "JW-202", severity: "critical", behaviour: "container_escape" },
  message: /core_pattern, which names a program that the kernel runs as root/,
} as const satisfies Partial<Variant["found"]>;
const happened = ({ stdout }: Traced) => assert.match(stdout, /written/);
const setting = "/proc/sys/kernel/core_pattern";

/** What is written is what stands there already. */
const again = (path: string) => `
value = open("${path}").read()
with open("${path}", "w") as setting:
    print("written" if setting.write(value) == len(value) else "", flush=True)`;

/** The same file under a name of the job's own. */
function mounted({ directory }: Place) {
  const elsewhere = join(directory, "p");
  mkdirSync(elsewhere);
  execFileSync("mount", ["-t", "proc", "proc", elsewhere]);
  return () => execFileSync("umount", [elsewhere]);
}

export const variants: Variant[] = [
  {
    name: "a shell says which program the kernel runs for a core dump",
    command: () => ["bash", "-c", `v=$(cat ${setting}); echo "$v" >${setting} && echo written`],
    happened,
    found: { ...found, program: "/bash" },
  },
  {
    name: "python says it in another mount of /proc",
    prepare: mounted,
    command: () => ["python3", "-c", again("p/sys/kernel/core_pattern")],
    happened,
    found: { ...found, program: "/python3.11", message: /\/p\/sys\/kernel\/core_pattern/ },
  },
];
