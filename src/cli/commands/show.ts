import { printable } from "../../base/escape_terminal.ts";
import { countSeverities, countsText } from "../../report/severity_text.ts";
import type { Job } from "../../store/jobs.ts";
import type { Reader } from "../../store/reader.ts";
import { defineCommand, jobArgument, jsonOption, stateOption } from "../command.ts";
import type { Context } from "../context.ts";
import { withDatabase } from "../database.ts";
import { findingLines } from "../finding_text.ts";
import { recordText, stateText, tookText } from "../job_text.ts";
import { printJson, printLines } from "../print.ts";
import { painter } from "../style.ts";
import { tableLines } from "../table.ts";
import { commandText, counted, number } from "../text.ts";
import { ago, utc } from "../time.ts";

export const show = defineCommand({
  name: "show",
  summary: "Show one job: how it ended, what it did, what was found.",
  positionals: [jobArgument],
  options: { state: stateOption, json: { ...jsonOption, help: "Print one JSON object" } },
  examples: [
    { line: "jobwarden show last", does: "The newest job." },
    { line: "jobwarden show 7 --json", does: "Job 7, for a program." },
  ],

  run({ state, json }, [which = ""], context) {
    withDatabase(state, context, (reader) => {
      const job = reader.job(which);
      if (json) return printJson(context.out, [jobRecord(job, reader)]);
      printLines(context.out, jobLines(job, reader, context, state));
    });
    return 0;
  },
});

function jobRecord(job: Job, reader: Reader) {
  return {
    ...job,
    losses: reader.losses(job),
    processes: reader.processes(job).length,
    event_counts: reader.eventCounts(job),
    findings: reader
      .findings({ job: job.id })
      .map(({ id, finding, count, last_us }) => ({ ...finding, id, count, last_us })),
  };
}

function* jobLines(
  job: Job,
  reader: Reader,
  context: Context,
  state: string | undefined,
): Generator<string> {
  const { out } = context;
  const paint = painter(out.colour);
  const found = reader.findings({ job: job.id }).map(({ finding }) => finding);
  const style = found.length === 0 ? "green" : "red";
  const text = paint(style, countsText(countSeverities(found)));
  yield `Job ${job.id} (${printable(job.name)}): ${text}`;
  for (const [title, text] of factsOf(job, reader, context.now())) {
    yield `  ${paint("dim", title.padEnd(8))}  ${printable(text)}`;
  }
  yield "";
  yield* tableLines(countColumns, countRows(job, reader), out);
  for (const finding of found) yield* ["", ...findingLines(finding, out)];
  yield "";
  const where = state === undefined ? "" : ` --state ${commandText([state])}`;
  yield paint("dim", `More: jobwarden tree ${job.id}${where}, jobwarden events ${job.id}${where}`);
}

function factsOf(job: Job, reader: Reader, now_us: number): (readonly [string, string])[] {
  const processes = reader.processes(job).length;
  const events = reader.eventCounts(job).reduce((sum, { happened }) => sum + happened, 0);
  const saw = `${counted(processes, "process", "processes")}, ${counted(events, "event")}`;
  return [
    ["command", job.command],
    ["started", `${utc(job.started_us)} (${ago(job.started_us, now_us)})`],
    ["took", tookText(job, now_us)],
    ["end", stateText(job)],
    ["record", recordText(job, reader.losses(job))],
    ["saw", saw],
    ...survivorFacts(job),
    ["traced", `by jobwarden ${job.version} on ${job.host}`],
  ];
}

function survivorFacts({ survivors }: Job): (readonly [string, string])[] {
  if (survivors === 0) return [];
  return [["left", `${counted(survivors, "process", "processes")} outlived the command`]];
}

const countColumns = [
  { title: "EVENT" },
  { title: "HAPPENED", align: "right" },
  { title: "STORED", align: "right" },
] as const;

const countRows = (job: Job, reader: Reader) =>
  reader
    .eventCounts(job)
    .map(({ kind, happened, stored }) => [kind, number(happened), number(stored)]);
