import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^mining/m);
const found = {
  ...{ signature: "JW-167", severity: "high", behaviour: "cryptomining" },
} as const satisfies Partial<Variant["found"]>;
const wallet = `4${"A1b2".repeat(23)}AA`;

export const variants: Variant[] = [
  {
    name: "a program under a harmless name is given a pool",
    command: () => [
      ...["sh", "-c"],
      "printf '#!/bin/sh\\necho mining $0\\n' >npm_update; chmod +x npm_update;" +
        " ./npm_update -o stratum+tcp://127.0.0.1:3333 -u x",
    ],
    happened,
    found: { ...found, program: "/dash", message: /address of a pool/ },
  },
  {
    name: "python is given a pool without a scheme, and a wallet",
    command: () => [
      ...["sh", "-c"],
      `echo 'print("mining")' >m.py; /usr/bin/python3 m.py --url 127.0.0.1:4444 --user ${wallet}`,
    ],
    happened,
    found: { ...found, program: "/python3.11", message: /a pool and a wallet/ },
  },
];
