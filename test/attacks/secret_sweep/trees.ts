import assert from "node:assert/strict";
import { secret, stores } from "../stores.ts";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const prepare: Variant["prepare"] = (place) =>
  stores(place, ".ssh/id_rsa", ".aws/credentials", ".npmrc", ".kube/config", "notes.txt");

const happened = ({ stdout }: Traced) =>
  assert.ok(stdout.split(secret).length > 3, `not three secrets: ${stdout}`);
const found = {
  ...{ signature: "JW-121", severity: "critical", behaviour: "secret_sweep" },
  message: /ssh/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "a script shows one after the other",
    prepare,
    command: () => ["sh", "-c", "for f in .ssh/id_rsa .aws/credentials .npmrc; do cat ~/$f; done"],
    happened,
    found: { ...found, program: "/cat" },
  },
  {
    name: "python walks over the home directory",
    prepare,
    command: () => [
      "python3",
      "-c",
      `import os
for at, _, names in os.walk(os.path.expanduser("~")):
    for name in names: print(open(os.path.join(at, name)).read())`,
    ],
    happened,
    found: { ...found, program: "/python3.11", message: /kinds of credentials/ },
  },
  {
    name: "grep looks through the home directory for secrets",
    prepare,
    command: () => ["sh", "-c", "grep -r fake-secret ~"],
    happened,
    found: { ...found, program: "/grep", message: /kinds of credentials/ },
  },
  {
    name: "tar packs the home directory",
    prepare,
    command: () => ["sh", "-c", "tar cf loot.tar -C ~ . && cat loot.tar"],
    happened,
    found: { ...found, program: "/tar", message: /kinds of credentials/ },
  },
];
