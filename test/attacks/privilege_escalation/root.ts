import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { compile } from "../c_program.ts";
import type { Place } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const nobody = "65534";

/** Says as whom it runs. */
const speak = `
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	return printf("root %d\\n", geteuid() == 0) < 0;
}`;

/** What the job finds there: a set-id program that others may reach. */
function prepare(place: Place): undefined {
  compile(place, "helper", speak);
  chmodSync(place.directory, 0o755);
}

const found = {
  ...{ signature: "JW-211", severity: "high", behaviour: "privilege_escalation" },
  message: /runs as root by its set-id bit/,
} as const satisfies Partial<Variant["found"]>;
const happened = ({ stdout }: { stdout: string }) => assert.match(stdout, /root 1/);

export const variants: Variant[] = [
  {
    name: "a set-id program of the job's own makes nobody root",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `chmod 4755 helper; setpriv --reuid ${nobody} --clear-groups ./helper`,
    ],
    happened,
    found: { ...found, program: "/helper" },
  },
  {
    name: "a copy of it under another name does, started by python",
    prepare,
    command: () => [
      ...["python3", "-c"],
      `import os, shutil
shutil.copy("helper", ".cache"); os.chmod(".cache", 0o4755)
if os.fork() == 0:
    os.setresuid(${nobody}, ${nobody}, ${nobody}); os.execl("./.cache", "cache")
os.wait()`,
    ],
    happened,
    found: { ...found, program: "/.cache" },
  },
];
