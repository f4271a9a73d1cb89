import assert from "node:assert/strict";
import { test } from "node:test";
import { type EventName, events } from "../../src/events/index.ts";
import { act } from "./acts.ts";
import { type Recording, record } from "./record.ts";

const each = 500;
const processes = 4;
const all = each * processes;

/** The act, and how many records of each kind it makes. */
const acts: Record<string, { readonly command: string[]; readonly made: Record<string, number> }> =
  {
    forks: {
      command: ["process_fork", "many"],
      made: { process_fork: all + processes, process_exit: all + processes + 1, process_exec: 1 },
    },
    execs: {
      command: ["process_exec", "many"],
      made: { process_fork: all, process_exec: all + 1, process_exit: all + 1 },
    },
    opens: {
      command: ["file_open", "many"],
      made: { file_open: all + 1, process_fork: processes, process_exit: processes + 1 },
    },
    connects: {
      command: ["connect", "many"],
      made: {
        socket_connect: all,
        socket_bind: processes,
        process_fork: processes,
        process_exit: processes + 1,
      },
    },
  };

function run(name: string, ring_bytes?: Record<string, number>): Promise<Recording> {
  const { command } = acts[name] ?? assert.fail();
  const [program = "", ...args] = command;
  const options = ring_bytes ? { ring_bytes } : {};
  return record(act(program, ...args, String(each), String(processes)), options);
}

for (const [name, { made }] of Object.entries(acts)) {
  test(`${all} ${name} by ${processes} processes at once make as many records`, async () => {
    const recording = await run(name);

    assert.equal(recording.exit_code, 0, recording.stderr);
    for (const [event, count] of Object.entries(made)) {
      assert.equal(recording.of(event as EventName).length, count, event);
    }
    assert.deepEqual(recording.losses, new Map());
  });

  test(`of ${all} ${name} in rings that are too small, each is recorded or counted`, async () => {
    const recording = await run(name, { jw_rare: 4096, jw_bulk: 4096 });

    const { losses } = recording;
    assert.equal(recording.exit_code, 0, recording.stderr);
    assert.ok(losses.size > 0);
    for (const [event, count] of Object.entries(made)) {
      const { id } = events.find(({ name }) => name === event) ?? assert.fail();
      assert.equal(recording.of(event as EventName).length + (losses.get(id) ?? 0), count, event);
    }
    const known = Object.keys(made).map((event) => events.find(({ name }) => name === event)?.id);
    assert.deepEqual(
      [...losses.keys()].filter((id) => !known.includes(id)),
      [],
    );
  });
}

test("a ring that one job fills costs no other job a record, and no other kind", async () => {
  const recording = await run("opens", { jw_bulk: 4096 });

  assert.deepEqual([...recording.losses.keys()], [5]); // file_open
  assert.equal(recording.of("process_fork").length, processes);
});
