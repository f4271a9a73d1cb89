import assert from "node:assert/strict";
import { test } from "node:test";
import type { Samples } from "../../src/engine/signature.ts";
import type { WrittenFile } from "../../src/jobs/edge.ts";
import { FileHeirs } from "../../src/jobs/file_heirs.ts";
import { complete } from "../engine/sample.ts";

const written = (fields: Partial<WrittenFile> = {}): WrittenFile => ({
  ...{ job: 1, device: 9, inode: 5, path: "/srv/tool", process_key: 3, time_us: 10 },
  ...{ ctime_ns: "123", ...fields },
});
const executes = (path = "/srv/tool", fields = {}): Samples => ({
  ...{ event: "process_exec", path, called_as: path, inode: 5, device: 9, ...fields },
});
const reads = (path = "/srv/tool", fields = {}): Samples => ({
  ...{ event: "file_open", path, access: "read", inode: 5, device: 9, ...fields },
});

/** `how path` of what job 2 is told to have used. */
function uses(file: WrittenFile, events: readonly Samples[], options = {}): string[] {
  const heirs = new FileHeirs(options);
  heirs.remember([file]);
  return events.flatMap((event) => {
    const candidate = heirs.apply(2, complete({ process_key: 7, ...event } as Samples));
    return candidate ? [`${candidate.edge.how} ${candidate.edge.path}`] : [];
  });
}

test("a later job that executes a file of an earlier one is told once, with all of it", () => {
  const heirs = new FileHeirs();
  heirs.remember([written()]);
  const event = complete({ process_key: 7, time_us: 20, ...executes() } as Samples);

  const candidate = heirs.apply(2, event);

  assert.deepEqual(candidate, {
    edge: {
      ...{ job: 2, other_job: 1, path: "/srv/tool", how: "executed", process_key: 7, time_us: 20 },
    },
    written: written(),
  });
  assert.equal(heirs.apply(2, event), undefined);
  assert.equal(heirs.apply(3, event)?.edge.job, 3);
});

const table: readonly [string, WrittenFile, readonly Samples[], readonly string[]][] = [
  ["its own file", written({ job: 2 }), [executes()], []],
  ["another inode", written({ inode: 6 }), [executes()], []],
  ["another device", written({ device: 8 }), [executes()], []],
  ["the inode under another name", written(), [executes("/srv/other")], []],
  ["a write", written(), [reads("/srv/tool", { access: "write" })], []],
  ["a read", written(), [reads(), reads()], ["read /srv/tool"]],
  [
    "a read that may write",
    written(),
    [reads("/srv/tool", { access: "read_write" })],
    ["read /srv/tool"],
  ],
  ["both ways", written(), [reads(), executes()], ["read /srv/tool", "executed /srv/tool"]],
  [
    "a library",
    written({ path: "/srv/libx.so.1" }),
    [reads("/srv/libx.so.1")],
    ["loaded /srv/libx.so.1"],
  ],
  [
    "a script, which its interpreter opens",
    written({ path: "/srv/run" }),
    [executes("/bin/sh", { called_as: "./run", inode: 1 }), reads("/srv/run")],
    ["executed /srv/run"],
  ],
  [
    "a script that the process runs no more",
    written({ path: "/srv/run" }),
    [
      executes("/bin/sh", { called_as: "./run", inode: 1 }),
      executes("/bin/cat", { inode: 2 }),
      reads("/srv/run"),
    ],
    ["read /srv/run"],
  ],
];
for (const [name, file, events, expected] of table) {
  test(`${name}: ${expected.join(", ") || "no edge"}`, () => {
    assert.deepEqual(uses(file, events), expected);
  });
}

test("more uses than are told are counted, and reading takes no room from executing", () => {
  const heirs = new FileHeirs({ executed_limit: 1, read_limit: 1 });
  heirs.remember([1, 2, 3].map((inode) => written({ inode, path: `/${inode}` })));
  const told = [1, 2, 3].flatMap((inode) => [
    heirs.apply(2, complete(reads(`/${inode}`, { inode }))),
    heirs.apply(2, complete(executes(`/${inode}`, { inode }))),
  ]);

  assert.equal(told.filter(Boolean).length, 2);
  assert.equal(heirs.suppressedOf(2), 4);
  heirs.forgetUses(2);
  assert.equal(heirs.suppressedOf(2), 0);
});

test("the files of the oldest jobs make room, and are counted", () => {
  const heirs = new FileHeirs({ limit: 2 });
  heirs.remember([1, 2, 3].map((inode) => written({ inode, path: `/${inode}` })));
  const use = (inode: number) => heirs.apply(2, complete(executes(`/${inode}`, { inode })));

  assert.equal(heirs.size, 2);
  assert.equal(heirs.dropped, 1);
  assert.equal(use(1), undefined);
  assert.equal(use(3)?.edge.path, "/3");
});

test("a file that two jobs wrote is the later one's", () => {
  const heirs = new FileHeirs({ limit: 2 });
  heirs.remember([written(), written({ job: 4 }), written({ inode: 8, path: "/8" })]);

  assert.equal(heirs.apply(2, complete(executes()))?.edge.other_job, 4);
  assert.equal(heirs.size, 2);
  assert.equal(heirs.dropped, 0);
});
