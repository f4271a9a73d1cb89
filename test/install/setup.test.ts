import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";

const addon = "native/jobwarden.node";
const made = [
  addon,
  "bpf/jobwarden.bpf.o",
  "native/build/hook",
  "native/build/launch",
  "native/deps/libbpf/made-from",
  "node_modules/.bin/node",
];

test("a second set-up changes nothing, needs no network and says one line", () => {
  const before = made.map((file) => statSync(file).mtimeMs);

  const { status, stdout } = run("unshare", [...withoutNetwork(), "sh", "installer/setup.sh"]);

  assert.equal(stdout, "set-up: everything is in place\n");
  assert.equal(status, 0);
  assert.deepEqual(
    made.map((file) => statSync(file).mtimeMs),
    before,
  );
});

test("set-ups at the same time wait for each other", () => {
  const both = "sh installer/setup.sh & first=$!; sh installer/setup.sh && wait $first";

  const { status, stdout } = run("sh", ["-c", both]);

  assert.equal(status, 0);
  assert.equal(stdout.match(/everything is in place/g)?.length, 2);
});

test("set-up on a machine that is not supported says what it found and expected", (t) => {
  const bin = stub(t, "uname", "case $1 in -s) echo Linux ;; *) echo riscv64 ;; esac");

  const { status, stdout, stderr } = run("sh", ["installer/setup.sh"], bin);

  assert.equal(stdout, "");
  assert.equal(
    stderr,
    "set-up: this machine is Linux riscv64; expected Linux on x86_64 or aarch64.\n" +
      "set-up: What to do: run it on such a machine.\n",
  );
  assert.equal(status, 1);
});

test("the addon needs nothing but the C and C++ libraries", () => {
  const allowed = /^(linux-vdso|libc|libstdc\+\+|libgcc_s|libm|\/\S*ld-linux-[\w-]+)\.so\.\d+$/;

  const { stdout } = run("ldd", [addon]);

  const needed = [...stdout.matchAll(/^\s*(\S+)/gm)].map(([, name = ""]) => name);
  assert.ok(needed.includes("libc.so.6"), stdout);
  assert.deepEqual(
    needed.filter((name) => !allowed.test(name)),
    [],
  );
});

test("the launcher of a clone without set-up says how to set it up", (t) => {
  const root = folder(t);
  mkdirSync(join(root, "installer"));
  copyFileSync("installer/jobwarden", join(root, "installer/jobwarden"));

  const { status, stdout, stderr } = run("sh", [join(root, "installer/jobwarden"), "--help"]);

  assert.equal(stdout, "");
  assert.equal(
    stderr,
    `jobwarden is not set up: ${root}/node_modules/.bin/node is missing. ` +
      `In ${root}, run: npm run setup\n`,
  );
  assert.equal(status, 2);
});

function run(command: string, args: readonly string[], firstOnPath = "") {
  const path = firstOnPath ? `${firstOnPath}:${process.env["PATH"]}` : process.env["PATH"];
  return spawnSync(command, args, { encoding: "utf8", env: { ...process.env, PATH: path } });
}

/** Root may make a network namespace; anyone else needs a user namespace around it. */
function withoutNetwork(): readonly string[] {
  return process.getuid?.() === 0 ? ["--net"] : ["--map-root-user", "--net"];
}

function stub(t: TestContext, name: string, script: string): string {
  const bin = folder(t);
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  return bin;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(resolve(tmpdir()), "jobwarden-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}
