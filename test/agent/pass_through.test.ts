import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, python, run, start } from "./harness.ts";

test("standard input and output pass byte for byte, also more than a pipe holds", async (t) => {
  const bytes = randomBytes(3 << 20);

  const { exit, out, err } = await run(["cat"], { state: folder(t), input: bytes });

  assert.ok(out.equals(bytes), `${out.length} bytes`);
  assert.deepEqual([exit, err], [0, ""]);
});

test("standard error passes byte for byte and apart from standard output", async (t) => {
  const act = "import os; os.write(2, bytes(range(256))); os.write(1, b'out')";

  const started = start(["run", "--quiet", "--", python, "-c", act], { state: folder(t) });
  const err: Buffer[] = [];
  started.child.stderr?.on("data", (piece) => err.push(piece));
  const { out } = await started.ended;

  assert.deepEqual([...Buffer.concat(err)], [...Array(256).keys()]);
  assert.equal(out.toString(), "out");
});

test("a writer to a pipe that is read slowly is made to wait, not to fail", async (t) => {
  const bytes = 5_000_000;
  const within = ["sh", "-c", '"$@" | (read -r first; wc -c)', "sh"];

  const { out, err } = await run(["sh", "-c", `echo first; head -c ${bytes} /dev/zero; sleep 0`], {
    state: folder(t),
    within,
  });

  assert.deepEqual([Number(out), err], [bytes, ""]);
});

test("arguments pass as bytes: empty, hostile, and not UTF-8", async (t) => {
  const act = "import os,sys; print([os.fsencode(a) for a in sys.argv[1:]])";
  const more = `"$@" "" -x -- 'a b' '$(id)' "$(printf '\\377\\n.')"`;

  const { out, err } = await run([python, "-c", act], {
    state: folder(t),
    within: ["sh", "-c", more, "sh"],
  });

  assert.equal(out.toString(), "[b'', b'-x', b'--', b'a b', b'$(id)', b'\\xff\\n.']\n");
  assert.equal(err, "");
});

test("a command with a hundred thousand arguments has them all", async (t) => {
  const within = ["sh", "-c", '"$@" $(seq 100000)', "sh"];
  const act = ["sh", "-c", 'for last; do :; done; echo "$# $last"', "sh"];

  const { out, err } = await run(act, { state: folder(t), within });

  assert.deepEqual([out.toString(), err], ["100000 100000\n", ""]);
});

test("the environment passes as it is, with names that no shell can hold", async (t) => {
  const act = "import os; print(dict(os.environb))";
  const env = { "INPUT_NODE-VERSION": "24\nx=y", "8": "eight", JW_E: "", JW_U: "ä" };
  const within = ["env", "JW_L=\u0001"];

  const { out } = await run([python, "-c", act], { state: folder(t), env, within });

  const expected = {
    "b'JW_E'": "b''",
    "b'JW_L'": "b'\\x01'",
    "b'JW_U'": "b'\\xc3\\xa4'",
    "b'INPUT_NODE-VERSION'": "b'24\\nx=y'",
    "b'8'": "b'eight'",
  };
  const found = out.toString().matchAll(/(b'(?:JW_|INPUT|8|JOBWARDEN_I)[^']*'): (b'[^']*')/g);
  assert.deepEqual(
    Object.fromEntries([...found].map(([, name, value]) => [name, value])),
    expected,
  );
});

test("working directory, umask, limit of open files and ignored signals stay as they are", async (t) => {
  const cwd = join(folder(t), "a b");
  mkdirSync(cwd);
  const before = "umask 0027; ulimit -Sn 1000; trap '' HUP USR1; exec \"$@\"";
  const act = "pwd; umask; ulimit -Sn; grep SigIgn /proc/self/status";

  const { out } = await run(["sh", "-c", act], {
    state: folder(t),
    cwd,
    within: ["sh", "-c", before, "sh"],
  });

  const [where, mask, files, signals = ""] = out.toString().split("\n");
  assert.deepEqual([where, mask, files], [cwd, "0027", "1000"]);
  // Bits of signals 1 and 10; Node's own changes would show as others.
  assert.equal(signals.replace(/\s+/, " "), "SigIgn: 0000000000000201");
});

test("a command may close its standard input, output and error", async (t) => {
  const cwd = folder(t);
  const act = "exec <&- >&- 2>&-; ls -l /proc/self/fd >there 2>&1; exit 5";

  const { exit, out, err } = await run(["sh", "-c", act], { state: folder(t), cwd });

  assert.deepEqual([exit, out.toString(), err], [5, "", ""]);
  assert.match(readFileSync(join(cwd, "there"), "utf8"), /there/);
});

test("a command is found as a shell finds it", async (t) => {
  const env = { PATH: `/nonexistent::${process.env["PATH"]}` };

  const { out } = await run(["echo", "found"], { state: folder(t), env });

  assert.equal(out.toString(), "found\n");
});
