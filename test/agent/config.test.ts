import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { loadConfig, readConfig, settings } from "../../agent/config.ts";
import { JobwardenError } from "../../src/base/errors.ts";

const defaults = {
  state_directory: "/var/lib/jobwarden",
  runtime_directory: "/run/jobwarden",
  pin_directory: "/sys/fs/bpf/jobwarden",
  rules_directory: "/etc/jobwarden/rules",
  runners: { discover: true, roots: [], scan_interval_s: 10 },
  hooks: { directory: "/usr/lib/jobwarden/hooks", fail_on: "high", required: false },
  rings: { rare_mib: 8, bulk_mib: 16 },
  log: { level: "info" },
};

test("without the file, and in a file that sets nothing, all defaults stand", (t) => {
  assert.deepEqual(loadConfig(join(scratch(t), "config.yaml")), defaults);
  for (const text of ["", "# nothing\n", "---\n", "{}", "runners:\n  # roots:\nlog: {}\n"]) {
    assert.deepEqual(loadConfig(file(t, text)), defaults);
  }
});

test("what a file sets is taken, and the rest is default", (t) => {
  const text = `
    state_directory: /srv//jobwarden/
    runners: { roots: [/opt/runner one, "/home/ü/runner"], discover: false }
    hooks: { fail_on: never, required: true }
    rings:
      bulk_mib: 64
    log: { level: debug }
  `;

  const config = loadConfig(file(t, `\ufeff${text}`));

  assert.deepEqual(config, {
    ...defaults,
    state_directory: "/srv/jobwarden",
    runners: { discover: false, roots: ["/opt/runner one", "/home/ü/runner"], scan_interval_s: 10 },
    hooks: { directory: "/usr/lib/jobwarden/hooks", fail_on: "never", required: true },
    rings: { rare_mib: 8, bulk_mib: 64 },
    log: { level: "debug" },
  });
});

test("a configuration cannot be changed", (t) => {
  for (const text of ["", "runners: { roots: [/opt/a] }"]) {
    const config = loadConfig(file(t, text));
    const parts = [config, config.runners, config.runners.roots, config.hooks, config.rings];

    assert.ok(parts.every((part) => Object.isFrozen(part)));
  }
});

test("the file that the reference page shows is all defaults, and names every key", () => {
  const page = readFileSync("agent/CONFIG.md", "utf8");
  const shown = /```yaml\n([^`]+)```/.exec(page)?.[1] ?? "";

  const { config, problems } = readConfig(shown);

  assert.deepEqual([config, problems], [defaults, []]);
  for (const key of keysOf(settings)) {
    assert.match(shown, new RegExp(`^ *${key}: `, "m"));
    assert.match(page, new RegExp(`^\\| \`${key}\` \\|`, "m"));
  }
});

/** Whole messages, as `line:column: message`. */
const mistakes: readonly (readonly [what: string, text: string, ...messages: string[]])[] = [
  [
    "a key with a letter wrong",
    "runners:\n  root: [/a]\n",
    "2:3: runners.root is not a setting; did you mean runners.roots?",
  ],
  [
    "a key without its unit",
    "runners: { scan_interval: 5 }",
    "1:12: runners.scan_interval is not a setting; did you mean runners.scan_interval_s?",
  ],
  [
    "a key in another section",
    "\nfail_on: high\n",
    "2:1: fail_on is not a setting; did you mean hooks.fail_on?",
  ],
  [
    "a key that is near none",
    "log: { colour: always }\n__proto__: 1\n5: 6\n",
    "1:8: log.colour is not a setting; allowed: level",
    `2:1: __proto__ is not a setting; allowed: ${Object.keys(settings).join(", ")}`,
    `3:1: 5 is not a setting; allowed: ${Object.keys(settings).join(", ")}`,
  ],
  ["a key that is no word", "log:\n  ? [a]\n  : b\n", "2:5: a key is a list; allowed: level"],
  [
    "a key that stands twice",
    "log: { level: info }\nlog:\n  level: warn\n",
    "2:1: log is already set on line 1",
  ],
  [
    "a wrong type",
    "state_directory: 7\nrunners: { discover: yes, roots: /a, scan_interval_s: '5' }\nlog: [info]\n",
    "1:18: state_directory is the number 7; allowed: the absolute path of a directory other than /",
    '2:22: runners.discover is the text "yes"; allowed: true or false',
    '2:34: runners.roots is the text "/a"; allowed: a list, each item the absolute path of a directory other than /',
    '2:55: runners.scan_interval_s is the text "5"; allowed: a whole number from 1 to 3600 (seconds)',
    "3:6: log is a list; allowed: the keys level",
  ],
  [
    "an item of a wrong type",
    "runners:\n  roots:\n    - /a\n    - b\n    - { c: d }\n    - /\n    -\n",
    '4:7: runners.roots[1] is the text "b"; allowed: the absolute path of a directory other than /',
    "5:7: runners.roots[2] is a map of keys; allowed: the absolute path of a directory other than /",
    '6:7: runners.roots[3] is the text "/"; allowed: the absolute path of a directory other than /',
    "7:6: runners.roots[4] is empty; allowed: the absolute path of a directory other than /",
  ],
  [
    "a bad value",
    "runners: { scan_interval_s: 0 }\nrings: { rare_mib: 3, bulk_mib: 2048 }\nhooks: { fail_on: worst }\n",
    "1:29: runners.scan_interval_s is the number 0; allowed: a whole number from 1 to 3600 (seconds)",
    "2:20: rings.rare_mib is the number 3; allowed: a power of two from 1 to 1024 (MiB)",
    "2:33: rings.bulk_mib is the number 2048; allowed: a power of two from 1 to 1024 (MiB)",
    '3:19: hooks.fail_on is the text "worst"; allowed: info, low, medium, high, critical or never',
  ],
  [
    "a key without a value",
    "hooks:\n  required:\n",
    "2:3: hooks.required is empty; allowed: true or false",
  ],
  [
    "numbers that only look right",
    "runners: { scan_interval_s: 2.5 }\nrings: { rare_mib: .inf, bulk_mib: -8 }\n",
    "1:29: runners.scan_interval_s is the number 2.5; allowed: a whole number from 1 to 3600 (seconds)",
    "2:20: rings.rare_mib is the number Infinity; allowed: a power of two from 1 to 1024 (MiB)",
    "2:36: rings.bulk_mib is the number -8; allowed: a power of two from 1 to 1024 (MiB)",
  ],
  [
    "a path with a NUL",
    'pin_directory: "/a\\0"\n',
    '1:16: pin_directory is the text "/a\\x00"; allowed: the absolute path of a directory other than /',
  ],
  [
    "text that a terminal would obey",
    `log:\n  level: "\\e[2J\\n${"x".repeat(80)}"\n`,
    `2:10: log.level is the text "\\x1b[2J\\n${"x".repeat(55)}…"; allowed: debug, info, warn or error`,
  ],
  [
    "something else than settings",
    "just words\n",
    `1:1: the file is the text "just words"; allowed: the keys ${Object.keys(settings).join(", ")}`,
  ],
  ["tabs", "runners:\n\tdiscover: true\n", "2:1: Tabs are not allowed as indentation"],
  [
    "a list without its end",
    "\nrunners: { roots: [",
    "2:20: Flow sequence in block collection must be sufficiently indented and end with a ]",
    "2:20: Flow map in block collection must be sufficiently indented and end with a }",
  ],
  ["a second document", "log: {}\n---\nlog: {}\n", "2:1: a second document begins; allowed: one"],
  [
    "an older YAML, where yes is true",
    "%YAML 1.1\n---\nrunners: { discover: yes }\n",
    "1:1: the file is written in another version of YAML; allowed: 1.2",
  ],
  [
    "a tag that makes another value",
    "log: { level: !!binary aW5mbw== }\n",
    "1:15: Unresolved tag: tag:yaml.org,2002:binary",
  ],
  [
    "aliases that would grow without end",
    `runners:\n  roots:\n    - &a [x, x, x]\n    - &b [*a, *a, *a]\n    - [*b, *b, *b]\nlog: *b\n`,
    "3:10: runners.roots[0] is a list; allowed: the absolute path of a directory other than /",
    "4:10: runners.roots[1] is a list; allowed: the absolute path of a directory other than /",
    "5:7: runners.roots[2] is a list; allowed: the absolute path of a directory other than /",
    "6:6: log is the alias *b; allowed: the keys level",
  ],
];

for (const [what, text, ...messages] of mistakes) {
  test(`${what}: each problem is told with its place`, (t) => {
    const path = file(t, text);

    const told = refusal(path);

    assert.equal(told, messages.map((message) => `${path}:${message}`).join("\n"));
  });
}

test("of very many problems the first are told, and that there are more", (t) => {
  const path = file(t, Array.from({ length: 1000 }, (_, n) => `k${n}: ${n}`).join("\n"));

  const told = refusal(path).split("\n");

  assert.equal(told.length, 21);
  assert.ok(told[19]?.startsWith(`${path}:20:1: k19 is not a setting; allowed: `));
  assert.equal(told[20], `${path}:21:1: from here on more is wrong`);
});

test("a text that is nested without end is refused as such", (t) => {
  for (const opening of ["[", "{a: ", "- "]) {
    const path = file(t, opening.repeat(7000));

    assert.match(refusal(path), /^\/.*config\.yaml:1:\d+: the text is nested too deeply$/);
  }
});

test("a file that is not some text is refused with what it is", (t) => {
  const directory = scratch(t);
  const at = (name: string) => join(directory, name);
  writeFileSync(at("zero"), Buffer.from("log: {}\0"));
  writeFileSync(at("latin"), Buffer.from("# caf\xe9\n", "latin1"));
  writeFileSync(at("huge"), "#".repeat((32 << 10) + 1));
  writeFileSync(at("largest"), "#".repeat(32 << 10));
  mkdirSync(at("directory"));
  symlinkSync("nowhere", at("link"));
  assert.equal(spawnSync("mkfifo", [at("pipe")]).status, 0);

  assert.equal(refusal(at("zero")), `${at("zero")} cannot be read: it is binary, not text`);
  assert.equal(refusal(at("latin")), `${at("latin")} cannot be read: it is not UTF-8 text`);
  assert.equal(refusal(at("huge")), `${at("huge")} cannot be read: it has more than 32768 bytes`);
  assert.deepEqual(loadConfig(at("largest")), defaults);
  assert.equal(
    refusal(at("directory")),
    `${at("directory")} cannot be read: it is a directory, not a regular file`,
  );
  assert.equal(
    refusal(at("pipe")),
    `${at("pipe")} cannot be read: it is a pipe, not a regular file`,
  );
  assert.equal(
    refusal(at("link")),
    `${at("link")} cannot be read: ENOENT: no such file or directory, open '${at("link")}'`,
  );
  assert.equal(
    refusal(join(at("zero"), "below")),
    `${at("zero")}/below cannot be read: ENOTDIR: not a directory, open '${at("zero")}/below'`,
  );
});

function refusal(path: string): string {
  try {
    loadConfig(path);
  } catch (error) {
    assert.ok(error instanceof JobwardenError, String(error));
    assert.equal(error.code, "CONFIG_INVALID");
    return error.message;
  }
  return assert.fail(`${path} was accepted`);
}

function keysOf(table: object): string[] {
  return Object.entries(table).flatMap(([key, entry]) =>
    "accept" in entry ? [key] : keysOf(entry),
  );
}

function file(t: TestContext, text: string): string {
  const path = join(scratch(t), "config.yaml");
  writeFileSync(path, text);
  return path;
}

function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "jobwarden-config-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
