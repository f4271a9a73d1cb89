import assert from "node:assert/strict";
import { test } from "node:test";
import { Batch, decode } from "../../src/events/decode.ts";
import { placeOf, recordOf } from "./record.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

test("a record is read back field by field, texts from its tail in their order", () => {
  const record = recordOf(
    "file_rename",
    { time_us: 1_700_000_000_000_000, process_key: 2 ** 52 + 1, job: 3, thread_id: 4, flags: 16 },
    { path: bytes("old\0dir\0\0"), new_path: bytes("new\0dir\0\0") },
  );

  const [event, ...more] = decode(record);

  assert.deepEqual(more, []);
  assert.deepEqual(event, {
    event: "file_rename",
    event_id: 7,
    flags: 16,
    size: record.readUInt32LE(4),
    time_us: 1_700_000_000_000_000,
    thread_id: 4,
    job: 3,
    process_key: 2 ** 52 + 1,
    rename_flags: 0,
    path: "/dir/old",
    new_path: "/dir/new",
  });
});

test("several records of one batch come in their order", () => {
  const one = recordOf("process_exit", { exit_code: 1 });
  const two = recordOf("file_symlink", {}, { path: bytes("l\0\0"), target: bytes("t") });

  const events = [...decode(Buffer.concat([one, two, one]))];

  assert.deepEqual(
    events.map(({ event }) => event),
    ["process_exit", "file_symlink", "process_exit"],
  );
});

const paths: readonly (readonly [string, string, string])[] = [
  ["the root", "\0", "/"],
  ["one name", "a\0\0", "/a"],
  ["a name that holds a newline", "a\nb\0c\0\0", "/c/a\nb"],
  ["bytes that are no UTF-8", "\xff\0\0", "/\ufffd"],
  ["what lies in no directory", "memfd:x\0", "memfd:x"],
  ["nothing", "", ""],
  ["a name with dots, joined to its directory", "../b/./c\0dir\0\0", "/b/c"],
  ["an absolute name, joined to the root", "/x//y\0\0", "/x/y"],
  ["dots that would leave the root", "../../../z\0d\0\0", "/z"],
  ["names that only begin with dots", "..a\0...\0\0", "/.../..a"],
];
for (const [what, tail, expected] of paths) {
  test(`a path is read from its names: ${what}`, () => {
    const [event] = decode(recordOf("file_unlink", {}, { path: bytes(tail) }));

    assert.equal(event?.event === "file_unlink" && event.path, expected);
  });
}

const lists: readonly (readonly [string, string, readonly string[]])[] = [
  ["none", "", []],
  ["one that is empty", "\0", [""]],
  ["several, one empty", "a\0\0c\0", ["a", "", "c"]],
  ["cut in the middle of one", "a\0bc", ["a", "bc"]],
];
for (const [what, tail, expected] of lists) {
  test(`arguments are read: ${what}`, () => {
    const [event] = decode(recordOf("process_exec", {}, { args: bytes(tail) }));

    assert.deepEqual(event?.event === "process_exec" && event.args, expected);
  });
}

const addresses: readonly (readonly [number, number, readonly number[], string])[] = [
  [2, 443, [192, 0, 2, 1], "192.0.2.1:443"],
  [10, 80, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "[2001:db8::1]:80"],
  [10, 1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1], "127.0.0.1:1"],
  [10, 0, new Array(16).fill(0), "[::]:0"],
  [10, 9, [0, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 8], "[1:0:0:3::8]:9"],
  [0, 0, [], ""],
];
for (const [family, port, address, expected] of addresses) {
  test(`an address reads as ${expected || "nothing"}`, () => {
    const record = recordOf("socket_accept", {});
    const at = placeOf("socket_accept", "peer");
    record.writeUInt16LE(family, at);
    record.writeUInt16LE(port, at + 2);
    record.set(address, at + 4);

    const [event] = decode(record);

    assert.equal(event?.event === "socket_accept" && event.peer, expected);
  });
}

test("an event that is not defined is refused by its number and place", () => {
  const record = recordOf("process_exit", {});
  record.writeUInt16LE(999, 0);

  assert.throws(() => [...decode(record)], {
    code: "EVENT_UNKNOWN",
    message: "event id 999 at byte 0 is not defined",
  });
});

test("a record that is shorter than its schema is refused", () => {
  const record = recordOf("process_exit", {}).subarray(0, 40);
  record.writeUInt32LE(40, 4);

  assert.throws(() => [...decode(record)], {
    code: "EVENT_SIZE",
    message: /^process_exit at byte 0 has 40 bytes, not at least \d+$/,
  });
});

test("a text that is longer than its record is refused", () => {
  const record = recordOf("file_unlink", {}, { path: bytes("a\0\0") });
  record.writeUInt32LE(5000, placeOf("file_unlink", "path"));

  assert.throws(() => [...decode(record)], { code: "EVENT_SIZE" });
});

test("bytes that no field of the record accounts for are refused", () => {
  const record = recordOf("file_unlink", {}, { path: bytes("abc\0\0") });
  record.writeUInt32LE(3, placeOf("file_unlink", "path"));

  assert.throws(() => [...decode(record)], { code: "EVENT_SIZE" });
});

test("two records that tell the same are the same, whenever and in whichever thread", () => {
  const tail = { path: bytes("a\0\0") };
  const same = (numbers: Record<string, number>, tails = tail): string => {
    const batch = new Batch(recordOf("file_open", numbers, tails));
    batch.next();
    return batch.sameness;
  };
  const first = same({ time_us: 1, thread_id: 1, process_key: 5, inode: 7 });

  assert.equal(same({ time_us: 2, thread_id: 2, process_key: 5, inode: 7 }), first);
  assert.notEqual(same({ time_us: 1, thread_id: 1, process_key: 6, inode: 7 }), first);
  assert.notEqual(same({ time_us: 1, thread_id: 1, process_key: 5, inode: 8 }), first);
  assert.notEqual(
    same({ time_us: 1, thread_id: 1, process_key: 5, inode: 7 }, { path: bytes("b\0\0") }),
    first,
  );
});
