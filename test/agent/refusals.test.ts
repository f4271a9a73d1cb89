import assert from "node:assert/strict";
import { hash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import Database from "better-sqlite3";
import { cgroupRoot } from "../../agent/cgroup.ts";
import { databaseIn, type Ended, folder, jobwarden, type Options, run } from "./harness.ts";

/** Starts the program where a directory of the machine is another one. */
const elsewhere = (change: string): string[] => [
  "unshare",
  "--mount",
  "sh",
  "-ec",
  `${change}; exec "$@"`,
  "sh",
];
const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

const refusals: readonly {
  readonly what: string;
  readonly within: (t: TestContext) => readonly string[];
  readonly says: RegExp;
}[] = [
  {
    what: "a user who is not root",
    within: () => nobody,
    says: /^jobwarden: this is user 65534, not root\. .+ sudo\.\n$/,
  },
  {
    what: "a kernel without BTF",
    within: (t) => elsewhere(`mount --bind ${folder(t)} /sys/kernel/btf`),
    says: /^jobwarden: \/sys\/kernel\/btf\/vmlinux does not exist\. .+CONFIG_DEBUG_INFO_BTF.+\n$/,
  },
  {
    what: "a machine without cgroup2",
    within: () => elsewhere(`umount ${cgroupRoot()}`),
    says: /^jobwarden: no cgroup2 mount was found in \/proc\/self\/mountinfo\. .+mount one.+\n$/,
  },
  {
    what: "a cgroup2 that is read-only",
    within: () => elsewhere(`mount -o remount,bind,ro ${cgroupRoot()}`),
    says: /^jobwarden: \/\S+\/run-\S+ cannot be made: .*EROFS.* writable cgroup2\.\n$/,
  },
];

for (const { what, within, says } of refusals) {
  test(`${what} is told, and the command does not run`, async (t) => {
    const state = folder(t);

    const ended = await runMarked(t, { state, within: within(t) });

    assertRefused(ended, says);
    assert.deepEqual(readdirSync(state), []);
  });
}

test("a state directory that cannot be made is told", async (t) => {
  const state = join(folder(t), "file", "state");
  writeFileSync(join(state, "../../file"), "");

  const ended = await runMarked(t, { state });

  assertRefused(ended, /^jobwarden: \/\S+ cannot be .+ENOTDIR.+ --state.*\.\n$/);
});

test("a state directory on a read-only file system is told", async (t) => {
  const state = folder(t);
  const within = elsewhere(`mount --bind -o ro ${state} ${state}`);

  const ended = await runMarked(t, { state, within });

  assertRefused(ended, /^jobwarden: \/\S+ cannot be .+EROFS.+ --state.*\.\n$/);
});

/** A state directory with a job in it. */
let sound = "";
before(async () => {
  sound = mkdtempSync(join(realpathSync(tmpdir()), "jobwarden-"));
  await run(["true"], { state: sound });
});
after(() => rmSync(sound, { recursive: true }));

const damages: readonly {
  readonly what: string;
  readonly damage: (file: string) => void;
  readonly says: RegExp;
}[] = [
  {
    what: "a database of a newer version",
    damage: (file) => sql(file, "PRAGMA user_version = 9999"),
    says: /^jobwarden: \/\S+ was written by a newer jobwarden: .+; .+upgrade to use it\.\n$/,
  },
  {
    what: "a database with random bytes in it",
    damage: (file) => {
      const bytes = readFileSync(file);
      // All but the header, which says that it is one.
      for (let at = 100; at < bytes.length; at++) bytes[at] = (at * 7919) % 251;
      writeFileSync(file, bytes);
    },
    says: /^jobwarden: \/\S+: .+SQLITE_CORRUPT\S*; copy it for analysis, then move it away\.\n$/,
  },
  {
    what: "a database that was cut",
    damage: (file) => truncateSync(file, 10_000),
    says: /^jobwarden: \/\S+: .+SQLITE_CORRUPT\S*; copy it for analysis, then move it away\.\n$/,
  },
  {
    what: "a file that is no database",
    damage: (file) => writeFileSync(file, "a text that is none of SQLite's"),
    says: /^jobwarden: \/\S+ starts with "a text .+" and is not a SQLite database; .+\.\n$/,
  },
  {
    what: "another program's database",
    damage: (file) => {
      rmSync(file);
      sql(file, "CREATE TABLE theirs (x); PRAGMA application_id = 7");
    },
    says: /^jobwarden: \/\S+ is a SQLite database of another program .+; .+\.\n$/,
  },
];

for (const { what, damage, says } of damages) {
  test(`${what} is told and left byte for byte, and the command does not run`, async (t) => {
    const state = folder(t);
    cpSync(sound, state, { recursive: true });
    damage(databaseIn(state));
    const before = contents(state);

    const ended = await runMarked(t, { state });
    const read = await jobwarden(["jobs"], { state });

    assertRefused(ended, says);
    assert.match(read.err, says);
    assert.equal(read.exit, 1);
    assert.deepEqual(contents(state), before);
  });
}

test("a wrong command line is told, and the command does not run", async (t) => {
  const state = folder(t);
  const lines = [
    ["run", "--nmae=x", "--", "touch", "ran"],
    ["run", "touch", "ran"],
    ["run", "--"],
    ["run", "--fail-on=worse", "--", "touch", "ran"],
    ["run", "--json=fd:99", "--", "touch", "ran"],
    ["run", "--json=/nonexistent/x", "--", "touch", "ran"],
    ["walk", "--", "touch", "ran"],
  ];

  for (const line of lines) {
    const cwd = folder(t);
    const { exit, err } = await jobwarden(line, { state, cwd });
    assert.equal(exit, 2, err);
    assert.match(err, /^jobwarden: .+\n$/);
    assert.ok(!existsSync(join(cwd, "ran")), line.join(" "));
  }
  assert.deepEqual(readdirSync(state), []);
});

test("a program that is not set up, or whose addon is another's, says what to do", async (t) => {
  const root = copyOfProgram(t);
  const state = folder(t);
  const addon = join(root, "native/jobwarden.node");
  const within = ["sh", "-c", 'shift; exec "$0" "$@"', join(root, "installer/jobwarden")];

  writeFileSync(addon, "no addon");
  const damaged = await runMarked(t, { state, within });
  rmSync(addon);
  const missing = await runMarked(t, { state, within });

  assertRefused(damaged, /^jobwarden: the addon cannot be loaded: .+ setup.+\n$/);
  assert.equal(missing.exit, 2);
  assert.equal(
    missing.err,
    `jobwarden is not set up: ${addon} is missing. In ${root}, run: npm run setup\n`,
  );
});

test("a damaged BPF object is told, and the command does not run", async (t) => {
  const root = copyOfProgram(t);
  const within = ["sh", "-c", 'shift; exec "$0" "$@"', join(root, "installer/jobwarden")];
  truncateSync(join(root, "bpf/jobwarden.bpf.o"), 1000);

  const ended = await runMarked(t, { state: folder(t), within });

  assertRefused(ended, /^jobwarden: .+jobwarden\.bpf\.o: .+ setup.+\n$/);
});

/** Runs a command that would leave a mark; says whether it did. */
async function runMarked(t: TestContext, options: Options): Promise<Ended & { ran: boolean }> {
  const cwd = folder(t);
  chmodSync(cwd, 0o777);
  const ended = await jobwarden(["run", "--", "touch", "ran"], { cwd, ...options });
  return { ...ended, ran: existsSync(join(cwd, "ran")) };
}

function assertRefused({ exit, out, err, ran }: Ended & { ran: boolean }, says: RegExp): void {
  assert.match(err, says);
  assert.deepEqual([exit, out.toString(), ran], [125, "", false]);
}

/** What a project's directory has after set-up, apart from the modules, to be damaged. */
function copyOfProgram(t: TestContext): string {
  const root = folder(t);
  for (const part of ["agent", "src", "installer", "native/index.ts", "native/jobwarden.node"]) {
    cpSync(part, join(root, part), { recursive: true });
  }
  for (const part of ["native/build/launch", "bpf/jobwarden.bpf.o", "package.json"]) {
    mkdirSync(join(root, part, ".."), { recursive: true });
    cpSync(part, join(root, part));
  }
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  return root;
}

function sql(file: string, statements: string): void {
  const db = new Database(file);
  db.exec(statements);
  db.close();
}

/** Every file of a directory with its bytes. SQLite may put an empty log and its index beside. */
const contents = (directory: string): (readonly [string, string])[] =>
  readdirSync(directory)
    .sort()
    .map((name) => [name, readFileSync(join(directory, name))] as const)
    .filter(
      ([name, bytes]) => !name.endsWith("-shm") && !(name.endsWith("-wal") && bytes.length === 0),
    )
    .map(([name, bytes]) => [name, hash("sha256", bytes)] as const);
