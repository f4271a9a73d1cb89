import { type EventName, eventNames } from "../../events/index.ts";
import type { StoredEvent } from "../../store/events_of_job.ts";
import type { Job } from "../../store/jobs.ts";
import { defineCommand, jobArgument, jsonOption, stateOption } from "../command.ts";
import type { Terminal } from "../context.ts";
import { withDatabase } from "../database.ts";
import { eventText } from "../event_text.ts";
import { mapped, taken } from "../iterables.ts";
import { printJson, printLines } from "../print.ts";
import { painter } from "../style.ts";
import { quoted } from "../text.ts";
import { offset, timeFrom } from "../time.ts";
import { nearest, wholeNumber, wrongUsage } from "../usage.ts";
import { cut } from "../width.ts";

export const events = defineCommand({
  name: "events",
  summary: "List what the processes of a job did, in the order in which it was seen.",
  notes: [`Kinds: ${eventNames.join(", ")}.`],
  positionals: [jobArgument],
  options: {
    kind: { type: "string", value: "KIND", help: "Only of this kind; several with commas between" },
    process: { type: "string", value: "PID", help: "Only of processes with this process id" },
    since: {
      type: "string",
      value: "T",
      help: "Only from then on: 10s, 2m, 1h after the job's start, or a date and time (ISO, UTC)",
    },
    limit: { type: "string", value: "N", help: "Stop after N events" },
    state: stateOption,
    json: jsonOption,
  },
  examples: [
    { line: "jobwarden events last --kind socket_connect", does: "Whom the newest job contacted." },
    {
      line: "jobwarden events 7 --since 10s --limit 100",
      does: "What happened after ten seconds.",
    },
    {
      line: "jobwarden events 7 --process 4711 --json",
      does: "All of one process, for a program.",
    },
  ],

  run({ kind, process: pid, since, limit, state, json }, [which = ""], context) {
    const kinds = kind === undefined ? undefined : kindsOf(kind);
    const only = pid === undefined ? undefined : wholeNumber(pid, 1, "--process", "events");
    const most =
      limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber(limit, 1, "--limit", "events");
    const { out } = context;
    withDatabase(state, context, (reader) => {
      const job = reader.job(which);
      const stored = reader.events(job, {
        ...(kinds && { kinds }),
        ...(only !== undefined && { pid: only }),
        ...(since !== undefined && { since_us: sinceOf(since, job) }),
      });
      const found = taken(stored, most);
      if (json) return printJson(out, mapped(found, record));
      printLines(
        out,
        mapped(found, (event) => eventLine(event, job, out)),
      );
    });
    return 0;
  },
});

function kindsOf(list: string): EventName[] {
  return list.split(",").map((word) => {
    const kind = eventNames.find((name) => name === word);
    if (kind) return kind;
    const near = nearest(word, eventNames);
    throw wrongUsage(`--kind ${quoted(word)} is no kind of event${near}`, "events");
  });
}

function sinceOf(text: string, { started_us }: Job): number {
  const time = timeFrom(text, started_us);
  if (time !== undefined) return time;
  const known = "a time since the job's start such as 10s or 2m, nor a date and time";
  throw wrongUsage(`--since is ${quoted(text)}, which is neither ${known}`, "events");
}

/** `id` is what a finding calls its event_id. */
function record({ id, pid, count, last_us, event }: StoredEvent) {
  const { event_id: _number, size: _size, ...fields } = event;
  return { id, ...fields, pid, count, last_us };
}

const kindWidth = Math.max(...eventNames.map((name) => name.length));
const offsetWidth = 12;
const pidWidth = 8;

/** Columns have fixed widths, because the events are not all there when the first is shown. */
function eventLine(
  { pid, count, event }: StoredEvent,
  job: Job,
  { colour, columns }: Terminal,
): string {
  const paint = painter(colour);
  const when = offset(event.time_us, job.started_us).padStart(offsetWidth);
  const who = String(pid).padStart(pidWidth);
  const what = eventText(event) + (count > 1 ? `  (${count} times)` : "");
  const before = offsetWidth + pidWidth + kindWidth + 4;
  const room = columns && Math.max(20, columns - before);
  const kind = event.event.padEnd(kindWidth);
  return `${paint("dim", when)} ${who}  ${paint("cyan", kind)} ${cut(what, room)}`.trimEnd();
}
