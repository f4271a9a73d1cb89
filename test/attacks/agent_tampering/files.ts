import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupRoot, makeJobCgroup, removeCgroup } from "../../../agent/cgroup.ts";
import type { Variant } from "../variant.ts";

let file = "";
let group = "";

/** Where an installation keeps its state; what is there already is left alone. */
function state() {
  const made = mkdirSync("/var/lib/jobwarden", { recursive: true });
  const folder = mkdtempSync("/var/lib/jobwarden/corpus-");
  file = join(folder, "jobwarden.db");
  writeFileSync(file, "the record");
  return () => rmSync(made ?? folder, { recursive: true });
}

function foreignGroup() {
  const made = makeJobCgroup(cgroupRoot(), `victim-${process.pid}`);
  group = made.path;
  return () => removeCgroup(made);
}

const found = {
  ...{ signature: "JW-208", behaviour: "agent_tampering" },
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "a shell empties the agent's database",
    prepare: state,
    command: () => ["sh", "-c", `: >${file}; test -s ${file} || echo emptied`],
    happened: ({ stdout }) => assert.equal(stdout, "emptied\n"),
    found: { ...found, severity: "critical", program: "/dash", message: /jobwarden's own/ },
  },
  {
    name: "python removes it, by a path that goes around",
    prepare: state,
    command: () => [
      ...["python3", "-c"],
      `import os; os.chdir("/var/lib"); os.unlink("../lib/./${file.slice("/var/lib/".length)}"); print(os.path.exists("${file}"))`,
    ],
    happened: ({ stdout }) => assert.equal(stdout, "False\n"),
    found: { ...found, severity: "critical", program: "/python3.11", message: /removed/ },
  },
  {
    name: "a shell freezes a control group that is not its own",
    prepare: foreignGroup,
    command: () => ["sh", "-c", `echo 1 >${group}/cgroup.freeze; echo 0 >${group}/cgroup.freeze`],
    happened: ({ stderr }) => assert.equal(stderr, ""),
    found: { ...found, severity: "high", program: "/dash", message: /can freeze all processes/ },
  },
];
