import assert from "node:assert/strict";
import { test } from "node:test";
import type { Samples } from "../../src/engine/signature.ts";
import { recordFlags } from "../../src/events/schema.ts";
import { ChangedFiles, type ChangedFilesOptions } from "../../src/jobs/changed_files.ts";
import { Places } from "../../src/jobs/places.ts";
import { complete } from "../engine/sample.ts";

const root = "/srv/runner";
const places = new Places({
  runner_root: root,
  workspace: `${root}/_work/app/app`,
  homes: [{ user: "ci", path: "/home/ci" }],
});
const regular = 0o100644;

let time_us = 0;
/** What is known after these events, one second apart. */
function after(events: readonly Samples[], options: Partial<ChangedFilesOptions> = {}) {
  const changed = new ChangedFiles({ places, ...options });
  time_us = 0;
  for (const event of events) {
    time_us += 1_000_000;
    changed.apply(complete({ process_key: 7, time_us, ...event } as Samples));
  }
  return changed;
}

/** `how path` of each, in order. */
const told = (changed: ChangedFiles): string[] =>
  [...changed.files()].map(({ how, path }) => `${how} ${path}`);

const opens = (path: string, fields: Partial<Samples & { event: "file_open" }> = {}): Samples => ({
  ...{ event: "file_open", path, access: "write", mode: regular, inode: 5, device: 9, ...fields },
});
const creates = (path: string, inode = 5): Samples => opens(path, { created: "yes", inode });
const writes = (path: string): Samples => ({
  ...{ event: "file_write", path, mode: regular, inode: 5, device: 9 },
});
const renames = (path: string, new_path: string, rename_flags = 0): Samples => ({
  ...{ event: "file_rename", path, new_path, rename_flags },
});
const removes = (path: string): Samples => ({ event: "file_unlink", path });

const bashrc = "/home/ci/.bashrc";

test("a file that is created and written is told once, with who, when, and which inode", () => {
  const changed = after([creates(bashrc), writes(bashrc)]);

  assert.deepEqual(
    [...changed.files()].map(({ place, ...rest }) => ({ ...rest, kind: place.kind })),
    [
      {
        ...{ path: bashrc, inode: 5, device: 9, process_key: 7, time_us: 2_000_000 },
        ...{ how: "created", origin: "", was_there: "no", kind: "dotfile" },
        ...{ unresolved: false, foreign: false, set_id: false, expected: false },
        shelf: "named",
      },
    ],
  );
});

const hows: readonly [string, readonly Samples[], readonly string[]][] = [
  ["reading is no change", [opens(bashrc, { access: "read" })], []],
  ["opening for writing is less than writing", [opens(bashrc)], [`opened ${bashrc}`]],
  ["a write after it", [opens(bashrc), writes(bashrc)], [`written ${bashrc}`]],
  ["a write without an open", [writes(bashrc)], [`written ${bashrc}`]],
  ["a device is no file", [opens("/dev/null", { mode: 0o020666 })], []],
  ["a pipe is no file", [{ ...writes("/home/ci/.ssh/x"), mode: 0o010600 } as Samples], []],
  [
    "a file without a name is none",
    [{ ...creates("/tmp/#5"), flags: recordFlags.nameless } as Samples],
    [],
  ],
  [
    "a file that was renamed into place",
    [creates(`${bashrc}.new`), renames(`${bashrc}.new`, bashrc)],
    [`renamed ${bashrc}`],
  ],
  [
    "a dotfile that was there and is renamed away",
    [renames(bashrc, "/tmp/x")],
    [`removed ${bashrc}`, "renamed /tmp/x"],
  ],
  ["a removed dotfile", [removes(bashrc)], [`removed ${bashrc}`]],
  ["a removed file of no importance", [removes("/srv/data")], []],
  ["temporary files that are gone again", [creates("/tmp/x"), removes("/tmp/x")], []],
  [
    "a dotfile that is gone again may have come back unseen",
    [creates(bashrc), removes(bashrc)],
    [`removed ${bashrc}`],
  ],
  [
    "a file that comes back",
    [creates(bashrc), removes(bashrc), writes(bashrc)],
    [`written ${bashrc}`],
  ],
  ["a mode", [{ event: "file_chmod", path: bashrc, mode: 0o777 }], [`mode_changed ${bashrc}`]],
  ["a length", [{ event: "file_truncate", path: bashrc }], [`truncated ${bashrc}`]],
  [
    "a symbolic link",
    [{ event: "file_symlink", path: bashrc, target: "/tmp/x" }],
    [`symlinked ${bashrc}`],
  ],
  ["a hard link", [{ event: "file_link", path: "/tmp/x", new_path: bashrc }], [`linked ${bashrc}`]],
];
for (const [name, events, expected] of hows) {
  test(`${name}: ${expected.join(", ") || "nothing"}`, () => {
    assert.deepEqual(told(after(events)).sort(), [...expected].sort());
  });
}

test("the inode follows a file through its names", () => {
  const changed = after([
    creates("/tmp/a", 11),
    renames("/tmp/a", "/tmp/b"),
    { event: "file_link", path: "/tmp/b", new_path: bashrc },
  ]);

  assert.equal(changed.get(bashrc)?.inode, 11);
  assert.equal(changed.get(bashrc)?.origin, "/tmp/b");
  assert.equal(changed.get("/tmp/a"), undefined);
  assert.equal(changed.get("/tmp/b")?.was_there, "unknown");
});

test("two names that are exchanged exchange their inodes, and both were there", () => {
  const changed = after([creates("/tmp/evil", 11), opens(bashrc, { inode: 12 })]);
  const exchange = complete({ ...renames("/tmp/evil", bashrc, 2), process_key: 8 } as Samples);

  changed.apply(exchange);

  assert.deepEqual(
    [changed.get(bashrc), changed.get("/tmp/evil")].map((file) => [file?.inode, file?.how]),
    [
      [11, "renamed"],
      [12, "renamed"],
    ],
  );
});

test("files go with the directory that is renamed, and get the place of their new name", () => {
  const from = `${root}/_work/_temp/new`;
  const to = `${root}/_work/_tool/node/20`;
  const options: Partial<ChangedFilesOptions> = { roleOf: () => "script" };
  const changed = after([creates(`${from}/bin/node`, 11), renames(from, to)], options);

  assert.equal(changed.get(`${to}/bin/node`)?.inode, 11);
  assert.equal(changed.get(`${to}/bin/node`)?.place.part, "tool");
  assert.equal(changed.get(`${from}/bin/node`), undefined);
  assert.equal(changed.forgotten.directories, 0);
});

test("renaming directories for ever costs a bounded number of looks, and is counted", () => {
  const events = Array.from({ length: 10 }, (_, i) => renames(`/tmp/a${i}`, `/tmp/a${i + 1}`));
  const changed = after([creates("/tmp/a0/x"), ...events], { rename_visits: 9 });

  // The first rename looks at 1 file, the next at 2, the directory's own name among them.
  assert.equal(changed.forgotten.directories, 5);
  assert.equal(changed.get("/tmp/a5/x")?.how, "created");
});

test("what the runner itself writes is expected, and is so no more when a script changes it", () => {
  const action = `${root}/_work/_actions/a/b/v1/index.js`;
  const roleOf = (key: number) => (key === 7 ? "worker" : "script");
  const changed = after([creates(action)], { roleOf });
  assert.equal(changed.get(action)?.expected, true);

  changed.apply(complete({ ...writes(action), process_key: 8 } as Samples));

  assert.equal(changed.get(action)?.expected, false);
});

test("a path whose links were not followed says so, and is kept with what matters", () => {
  const changed = after([
    { ...renames("/srv/x", "/srv/link/authorized_keys"), flags: recordFlags.unresolved } as Samples,
  ]);

  const file = changed.get("/srv/link/authorized_keys");
  assert.equal(file?.unresolved, true);
  assert.deepEqual(told(changed), ["renamed /srv/link/authorized_keys"]);
});

test("a path that was cut is counted, because nobody can say where it is", () => {
  const changed = after([renames("long/name", "/tmp/x"), removes("")]);

  assert.deepEqual(told(changed), []);
  assert.equal(changed.forgotten.unplaced, 2);
});

test("a process in other mounts changes foreign files, until it is back", () => {
  const exec = (mount_namespace: number): Samples => ({ event: "process_exec", mount_namespace });
  const host_mount_namespace = 100;
  const changed = after(
    [
      exec(200),
      creates("/etc/passwd"),
      { event: "process_fork", child_key: 8 },
      { ...creates("/etc/shadow"), process_key: 8 } as Samples,
      exec(100),
      creates("/etc/group"),
    ],
    { host_mount_namespace },
  );

  const foreign = ["passwd", "shadow", "group"].map((name) => changed.get(`/etc/${name}`)?.foreign);
  assert.deepEqual(foreign, [true, true, false]);
  assert.deepEqual([changed.isForeign(7), changed.isForeign(8)], [false, true]);
});

test("whatever a job makes, what matters more is kept, and what is not is counted", () => {
  const limits = { named: 4, host: 4, runner: 4, system: 4, foreign: 4, rest: 4 };
  const flood = (path: (i: number) => string) =>
    Array.from({ length: 10 }, (_, i) => creates(path(i), i + 1));
  const changed = after(
    [
      creates(bashrc),
      creates("/etc/cron.d/evil"),
      ...flood((i) => `/srv/${i}`),
      ...flood((i) => `/usr/lib/${i}`),
      ...flood((i) => `${root}/_work/_tool/${i}`),
    ],
    { limits },
  );

  assert.equal(changed.size, 2 + 3 * 4);
  assert.equal([...changed.files()].length, changed.size);
  assert.deepEqual(told(changed).slice(0, 2), [`created ${bashrc}`, "created /etc/cron.d/evil"]);
  assert.deepEqual(changed.forgotten.dropped, {
    ...{ named: 0, host: 0, runner: 6, system: 6, foreign: 0, rest: 6 },
  });
  assert.ok(changed.get("/srv/9"));
  assert.equal(changed.get("/srv/0"), undefined);
});

test("a program that runs as its owner is kept with what matters, wherever it is", () => {
  const limits = { rest: 1 };
  const set = (path: string, mode: number): Samples => ({ event: "file_chmod", path, mode });
  const changed = after(
    [
      creates("/tmp/sh"),
      set("/tmp/sh", 0o4755),
      renames("/tmp/sh", "/srv/sh"),
      set("/srv/plain", 0o755),
      creates("/tmp/other"),
    ],
    { limits },
  );

  assert.equal(changed.get("/srv/sh")?.set_id, true);
  assert.equal(changed.get("/srv/plain"), undefined);
  changed.apply(complete(set("/srv/sh", 0o755)));
  assert.equal(changed.get("/srv/sh")?.set_id, false);
});
