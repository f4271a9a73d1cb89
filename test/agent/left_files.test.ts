import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deviceOf } from "../../agent/left_files.ts";
import { recordFlags } from "../../src/events/schema.ts";
import { ChangedFiles } from "../../src/jobs/changed_files.ts";
import { complete } from "../engine/sample.ts";
import { folder } from "./harness.ts";
import { find, host, now_us } from "./left.ts";

test("files that a job left are told by their kind, and kept for later jobs", (t) => {
  const { root, home, write, apply, left } = host(t);
  const [env, bashrc, product] = [
    `${root}/.env`,
    `${home}/.bashrc`,
    `${root}/_work/app/app/product`,
  ];
  write(env, "no");
  write(bashrc);
  write(product);
  symlinkSync("/tmp/x", `${home}/.profile`);
  apply({ event: "file_symlink", path: `${home}/.profile`, target: "/tmp/x" });

  const { residue, written } = left();

  assert.deepEqual(
    residue.map(({ kind, what, process_key, path }) => [kind, what, process_key, path]),
    [
      ["runner_file", `changed ${env}`, 7, env],
      ["dotfile", `created ${bashrc}`, 7, bashrc],
      ["dotfile", `linked ${home}/.profile`, 7, `${home}/.profile`],
    ],
  );
  const stat = lstatSync(env, { bigint: true });
  assert.deepEqual(residue[0]?.detail, {
    ...{ how: "written", was_there: "yes", exists: true, replaced: false },
    ...{ part: "configuration", inode: Number(stat.ino), owner: 0, bytes: 1 },
    mode: (Number(stat.mode) & 0o7777).toString(8),
  });
  assert.equal(residue[2]?.detail["origin"], "/tmp/x");
  assert.deepEqual(
    written.map(({ path, ctime_ns }) => [path, ctime_ns]),
    [env, bashrc, product].map((path) => [path, String(lstatSync(path, { bigint: true }).ctimeNs)]),
  );
  assert.deepEqual(
    { ...written[0], time_us: 0, ctime_ns: "" },
    {
      ...{ job: 1, device: deviceOf(stat.dev), inode: Number(stat.ino), path: env },
      ...{ process_key: 7, time_us: 0, ctime_ns: "" },
    },
  );
});

test("what is gone again is no residue, but what was there before is missed", (t) => {
  const { home, write, apply, left } = host(t);
  write(`${home}/.bashrc`);
  write(`${home}/.profile`, "no");
  for (const name of [".bashrc", ".profile"]) {
    rmSync(`${home}/${name}`);
    apply({ event: "file_unlink", path: `${home}/${name}` });
  }

  const { residue, written, left_out } = left();

  assert.deepEqual(
    residue.map(({ what, detail }) => [what, detail["exists"]]),
    [[`removed ${home}/.profile`, false]],
  );
  assert.deepEqual(written, []);
  assert.equal(left_out.passing, 1);
});

test("a file that came back unseen, and one that was replaced unseen, say so", (t) => {
  const { home, write, apply, left } = host(t);
  write(`${home}/.bashrc`);
  apply({ event: "file_unlink", path: `${home}/.bashrc` });
  write(`${home}/.profile`);
  // Both are there for a moment, so the new one cannot have the inode of the old.
  writeFileSync(`${home}/new`, "");
  renameSync(`${home}/new`, `${home}/.profile`);

  const { residue } = left();

  assert.deepEqual(
    residue.map(({ what, detail }) => [what, detail["replaced"]]),
    [
      [`created ${home}/.bashrc`, false],
      [`created ${home}/.profile`, true],
    ],
  );
});

test("a file that was only opened for writing is told if it has changed since", (t) => {
  const { home, apply, left } = host(t);
  const opened = (name: string, time_us: number) => {
    writeFileSync(`${home}/${name}`, "");
    const { ino, dev, mode } = lstatSync(`${home}/${name}`, { bigint: true });
    const file = { inode: Number(ino), device: deviceOf(dev), mode: Number(mode) };
    const path = `${home}/${name}`;
    apply({ event: "file_open", path, access: "read_write", time_us, ...file });
  };
  opened(".bashrc", now_us() - 1_000_000);
  opened(".profile", now_us() + 60_000_000);

  const { residue } = left();

  assert.deepEqual(
    residue.map(({ what }) => what),
    [`changed ${home}/.bashrc`],
  );
});

test("a name whose links were not followed is resolved before it is judged", (t) => {
  const { home, write, left } = host(t);
  const link = join(folder(t), "link");
  symlinkSync(home, link);
  write(`${link}/.bashrc`, "yes", { flags: recordFlags.unresolved });

  const { residue } = left();

  assert.deepEqual(
    residue.map(({ kind, path, detail }) => [kind, path, detail["called"]]),
    [["dotfile", `${home}/.bashrc`, `${link}/.bashrc`]],
  );
});

test("what a container changes is told only where it is the host's file", (t) => {
  const { home, apply, write, left } = host(t);
  apply({ event: "process_exec", mount_namespace: 2 });
  write(`${home}/.bashrc`);
  writeFileSync(`${home}/.profile`, "the host's own");
  const other = { access: "write", mode: 0o100644, inode: 1, device: 1 } as const;
  apply({ event: "file_open", path: `${home}/.profile`, ...other });

  const { residue, left_out } = left();

  assert.deepEqual(
    residue.map(({ path, detail }) => [path, detail["foreign"]]),
    [[`${home}/.bashrc`, true]],
  );
  assert.equal(left_out.elsewhere, 1);
});

test("what the runner itself writes is counted, and no residue", (t) => {
  const { root, places, left, write } = host(t);
  const changed = new ChangedFiles({ places, roleOf: () => "worker" });
  const path = `${root}/_work/_actions/index.js`;
  mkdirSync(`${root}/_work/_actions`);
  write(path);
  changed.apply(
    complete({ event: "file_open", path, access: "write", created: "yes", mode: 0o100644 }),
  );

  const expected = find({ changed: changed.files(), places });

  assert.deepEqual(expected.residue, []);
  assert.equal(expected.left_out.expected, 1);
  assert.equal(expected.written.length, 1);
  assert.equal(left().residue[0]?.kind, "runner_file");
});

test("a program that runs as its owner is told wherever it is, while it does", (t) => {
  const top = folder(t);
  const { apply, left } = host(t);
  const [program, former] = [join(top, "sh"), join(top, "former")];
  for (const path of [program, former]) {
    writeFileSync(path, "");
    apply({ event: "file_chmod", path, mode: 0o4755 });
  }
  chmodSync(program, 0o4755);

  const { residue } = left();

  assert.deepEqual(
    residue.map(({ kind, what, detail }) => [kind, what, detail["mode"]]),
    [["set_id_file", `changed the mode of ${program}`, "4755"]],
  );
});

test("a device has the kernel's number, also when its parts are large", () => {
  // st_dev of 259:3, of 8:1 and of 4660:1048574, as glibc's makedev packs them.
  assert.equal(deviceOf(0x10303n), (259 << 20) | 3);
  assert.equal(deviceOf(0x801n), (8 << 20) | 1);
  assert.equal(deviceOf(0x1000fff234fen), 0x1234 * 2 ** 20 + 0xffffe);
});
