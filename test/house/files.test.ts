import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const rooms = ["agent", "bench", "bpf", "examples", "installer", "native", "src", "test"];
const spdx = "/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */";

/** What set-up makes, and what a program writes for us. */
const notWritten = /^(native\/(deps|build)|bpf\/build)\/|\.gen\.h$|\.bpf\.o$|\.node$/;

const files = rooms.flatMap((room) =>
  readdirSync(room, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !notWritten.test(file)),
);
const librarySources = files.filter((file) => /^(src|native)\/.*\.ts$/.test(file));

test("no source file has more than 400 lines", () => {
  const sources = files.filter((file) => /\.(ts|c|h|cc|sh|py)$|\/[^.]+$/.test(file));

  const long = sources.filter((file) => read(file).split("\n").length > 401);

  assert.ok(sources.length > 0);
  assert.deepEqual(long, []);
});

test("src prints nothing by itself", () => {
  assert.deepEqual(codeWith(/\bconsole\./), []);
});

test("src and native do not touch the process that they run in", () => {
  // By name, because a process of a job is a variable too; Biome knows which one is the global.
  const ours =
    /\bprocess\.(argv|env|exit|exitCode|kill|stdin|stdout|stderr|(on|once|cwd|chdir|hrtime|getuid)\()/;

  assert.deepEqual(codeWith(ours), []);
  assert.deepEqual(codeWith(/"node:process"/), []);
});

test("the lock file names no registry", () => {
  const { packages } = JSON.parse(read("package-lock.json"));
  const fields = Object.values(packages).flatMap((entry) => Object.keys(entry as object));

  assert.ok(fields.includes("integrity"));
  assert.ok(!fields.includes("resolved"));
  assert.doesNotMatch(read("package-lock.json"), /registry/);
});

test("each file of the kernel side says its licence in its first line", () => {
  const sources = readdirSync("bpf").filter((name) => /\.[ch]$/.test(name));

  const unlicensed = sources.filter((name) => read(`bpf/${name}`).split("\n")[0] !== spdx);

  assert.ok(sources.length > 0);
  assert.deepEqual(unlicensed, []);
});

/** Library files whose code matches, not counting comments and literals such as SQL. */
function codeWith(pattern: RegExp): string[] {
  const noCode = /\/\*[\s\S]*?\*\/|\/\/.*|`[^`]*`|"(?!node:)(?:[^"\\\n]|\\.)*"/g;
  return librarySources.filter((file) => pattern.test(read(file).replace(noCode, "")));
}

function read(file: string): string {
  return readFileSync(file, "utf8");
}
