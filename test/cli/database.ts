import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { databaseFile } from "../../src/cli/database.ts";
import { events, type JobEvent } from "../../src/events/index.ts";
import type { EventDefinition } from "../../src/events/schema.ts";
import type { Process } from "../../src/jobs/process.ts";
import { openForWriting } from "../../src/store/open.ts";
import { Writer } from "../../src/store/writer.ts";
import { aFinding, now_us } from "./border.ts";

/** Everything that a terminal must not be given: escapes, line breaks, bidi, C1, zero width. */
export const hostile = "\x1b[2J\x1b]0;x\x07\r\nforged\u202egpj.exe\u0085\u009b31m\u200b\u2028'end";
export const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const definitions = new Map(events.map((event: EventDefinition) => [event.name, event]));

/** When the sample jobs started. */
export const started_us = now_us - 180 * 1e6;

/** A directory that is removed after the test. */
export function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "jobwarden-cli-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * A state directory with two jobs. Job 1, `clean`: no process, complete. Job 2, `build`: three
 * processes, hostile arguments, one finding, three lost events, exit code 1.
 */
export function sampleState(t: TestContext): string {
  const state = scratch(t);
  const db = openForWriting(databaseFile(state));
  const writer = new Writer(db, { host: "host", version: "0.1.0" });
  const clean = startJob(writer, "clean", "true");
  writer.endJob(clean, ended(0, true));

  const job = startJob(writer, "build", hostile);
  writer.begin();
  const npm = writer.addProcess(job, aProcess(1, 0, ["npm", "test"]));
  const shell = writer.addProcess(job, aProcess(2, 1, ["sh", "-c", hostile]));
  const python = writer.addProcess(job, {
    ...aProcess(3, 2, ["python3", "x.py"]),
    ended_us: undefined,
  });
  writer.updateProcess(npm, aProcess(1, 0, ["npm", "test"]), { exit_code: 1, exit_signal: 0 });
  writer.updateProcess(shell, aProcess(2, 1, ["sh", "-c", hostile]), { exit_signal: 9 });
  writer.addEvent(anExec(1, ["sh", "-c", hostile]), job, shell);
  const connect = writer.addEvent(aConnect(20), job, python);
  writer.addFinding(
    aFinding({
      job,
      event_id: connect,
      event: "socket_connect",
      message: `connected to ${hostile}`,
      evidence: { [hostile]: hostile },
    }),
  );
  writer.addLoss(job, "file_open", 3);
  writer.commit();
  writer.endJob(job, ended(1, false));
  db.close();
  return state;
}

/** A state directory with one job, `many`, that has as many events of one process. */
export function stateWithEvents(t: TestContext, count: number): string {
  const state = scratch(t);
  const db = openForWriting(databaseFile(state));
  const writer = new Writer(db);
  const job = startJob(writer, "many", "storm");
  writer.begin();
  const row = writer.addProcess(job, aProcess(1, 0, ["storm"]));
  for (let i = 0; i < count; i++) writer.addEvent(aConnect(i / 1000), job, row);
  writer.commit();
  writer.endJob(job, ended(0, true));
  db.close();
  return state;
}

export function aProcess(key: number, parent_key: number, args: readonly string[]): Process {
  return {
    process_key: key,
    parent_key,
    step_key: 0,
    pid: 100 + key,
    started_us: started_us + key * 1e6,
    ended_us: started_us + key * 1e6 + 2_500_000,
    path: `/usr/bin/${args[0]}`,
    args,
    cwd: "/src",
    execs: 1,
  };
}

export const startJob = (writer: Writer, name: string, command: string): number =>
  writer.startJob({ name, kind: "run", command, started_us });

export const ended = (exit_code: number, complete: boolean) => ({
  ended_us: started_us + 60 * 1e6,
  exit_code,
  signal: null,
  complete,
  survivors: 0,
});

function anExec(second: number, args: readonly string[]): JobEvent {
  return sample({ event: "process_exec", path: `/usr/bin/${hostile}`, args }, second);
}

function aConnect(second: number): JobEvent {
  return sample({ event: "socket_connect", peer: "192.0.2.7:4444", family: "inet" }, second);
}

/** An event in which everything that is not given is zero. */
function sample(fields: Partial<JobEvent>, second: number): JobEvent {
  const definition = definitions.get(fields.event ?? "");
  const zeros = Object.entries(definition?.fields ?? {}).map(([name, { zero }]) => [name, zero]);
  const head = {
    event_id: definition?.id,
    flags: 0,
    size: 0,
    process_key: 0,
    job: 0,
    thread_id: 1,
  };
  const time_us = started_us + second * 1e6;
  return { ...head, time_us, ...Object.fromEntries(zeros), ...fields } as JobEvent;
}
