import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^decoded and ran$/m);
const found = {
  ...{ severity: "medium", behaviour: "obfuscated_execution" },
} as const satisfies Partial<Variant["found"]>;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const shell = base64("echo decoded and ran\n");
const python = base64('print("decoded and ran")');
const temporary = `/tmp/jobwarden-corpus-loaded-${process.pid}`;

export const variants: Variant[] = [
  {
    name: "a decoder feeds a shell",
    command: () => ["bash", "-c", `echo ${shell} | base64 -d | sh`],
    happened,
    found: { ...found, signature: "JW-162", program: "/dash", message: /from a decoder/ },
  },
  {
    name: "openssl decodes for python",
    command: () => ["sh", "-c", `echo ${python} | openssl base64 -d | /usr/bin/python3 -`],
    happened,
    found: { ...found, signature: "JW-162", program: "/python3.11", message: /from a decoder/ },
  },
  {
    name: "python decodes its own argument",
    command: () => [
      ...["/usr/bin/python3", "-c"],
      `exec(__import__("base64").b64decode("${python}"))`,
    ],
    happened,
    found: { ...found, signature: "JW-163", program: "/python3.11", message: /decodes itself/ },
  },
  {
    name: "a script has its shell run what a decoder prints",
    command: () => [
      ...["sh", "-c"],
      `echo 'bash -c "$(echo ${shell} | base64 -d)"; true' >x.sh; bash x.sh`,
    ],
    happened,
    found: { ...found, signature: "JW-163", program: "/bash", message: /just printed/ },
  },
  {
    name: "a file that may not be executed is started by the loader",
    prepare: () => () => rmSync(temporary, { force: true }),
    command: () => [
      ...["sh", "-c"],
      `cp /bin/echo ${temporary}; chmod 644 ${temporary};
for l in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do
  test -e $l && exec $l ${temporary} decoded and ran; done`,
    ],
    happened,
    found: {
      ...found,
      signature: "JW-163",
      program: process.arch === "arm64" ? ".so.1" : ".so.2",
      message: /dynamic loader/,
    },
  },
];
