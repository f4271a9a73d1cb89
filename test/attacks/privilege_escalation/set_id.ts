import assert from "node:assert/strict";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^-rws/m);
const found = {
  ...{ signature: "JW-181", severity: "high", behaviour: "privilege_escalation" },
  message: /runs as its owner/,
} as const satisfies Partial<Variant["found"]>;

export const variants: Variant[] = [
  {
    name: "a shell is copied and gets the bit",
    command: () => ["sh", "-c", "cp /bin/sh helper && chmod u+s helper && ls -l helper"],
    happened,
    found: { ...found, program: "/chmod" },
  },
  {
    name: "install copies a shell with the bit",
    command: () => ["sh", "-c", "install -m 4755 /bin/sh helper && ls -l helper"],
    happened,
    found: { ...found, program: "/install" },
  },
  {
    name: "python gives the bit through a descriptor",
    command: () => [
      ...["sh", "-c"],
      "cp /bin/sh h; python3 -c 'import os; os.fchmod(os.open(\"h\", 0), 0o4755)'; ls -l h",
    ],
    happened,
    found: { ...found, program: "/python3.11" },
  },
  {
    name: "a file has the bit from the moment that it is made",
    command: () => [
      ...["sh", "-c"],
      "python3 -c 'import os; os.umask(0); os.open(\"h\", os.O_CREAT | os.O_WRONLY, 0o4755)'; ls -l h",
    ],
    happened,
    found: { ...found, program: "/python3.11" },
  },
  {
    name: "tar unpacks a program that has the bit",
    command: () => [
      ...["sh", "-c"],
      "cp /bin/sh h && tar --mode=4755 -cf h.tar h && rm h && tar -xpf h.tar && ls -l h",
    ],
    happened,
    found: { ...found, program: "/tar" },
  },
  {
    name: "a program has the group's bit, and is executed",
    command: () => [...["sh", "-c"], "cp /bin/true h && chmod 2755 h && ./h && echo -rws"],
    happened,
    found: { ...found, program: "/h" },
  },
];
