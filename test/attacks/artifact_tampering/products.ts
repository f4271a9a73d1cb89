import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /tampered/);
const common = { signature: "JW-188", severity: "high", behaviour: "artifact_tampering" } as const;
const build = `printf '#include <stdio.h>\\nint main(){puts("original");return 0;}' >x.c && gcc x.c -o app`;

export const variants: Variant[] = [
  {
    name: "python changes bytes of a program after the link",
    command: () => [
      ...["sh", "-c"],
      `${build}; python3 -c '
text = open("app", "rb").read().replace(b"original", b"tampered")
open("app", "r+b").write(text)'; ./app`,
    ],
    happened,
    found: { ...common, program: "/python3.11", message: /app, which the build had made/ },
  },
  {
    name: "dd writes into a program after the link",
    command: () => [
      ...["sh", "-c"],
      `${build}; at=$(grep -abo original app | cut -d: -f1); printf tampered | dd of=app bs=1 seek=$at conv=notrunc 2>/dev/null; ./app`,
    ],
    happened,
    found: { ...common, program: "/dd", message: /the build had made/ },
  },
  {
    name: "a shell appends to an archive",
    command: () => [
      ...["sh", "-c"],
      "echo original >a; tar -cf dist.tar a; echo tampered >>dist.tar; tail -c 9 dist.tar",
    ],
    happened,
    found: { ...common, program: "/dash", message: /dist\.tar/ },
  },
  {
    name: "another program is moved over the product",
    command: () => [
      ...["sh", "-c"],
      `${build}; printf '#!/bin/sh\\necho tampered\\n' >y; chmod +x y; mv y app; ./app`,
    ],
    happened,
    found: { ...common, severity: "medium", program: "/mv", message: /another file in place/ },
  },
];
