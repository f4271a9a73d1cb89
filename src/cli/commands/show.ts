import { printable } from "../../base/escape_terminal.ts";
import { countSeverities, countsText } from "../../report/severity_text.ts";
import type { Job } from "../../store/jobs.ts";
import type { Reader } from "../../store/reader.ts";
import { defineCommand, jobArgument, jsonOption, stateOption } from "../command.ts";
import type { Context, Terminal } from "../context.ts";
import { withDatabase } from "../database.ts";
import { findingLines } from "../finding_text.ts";
import { recordText, stateText, tookText } from "../job_text.ts";
import { printJson, printLines } from "../print.ts";
import { painter } from "../style.ts";
import { tableLines } from "../table.ts";
import { commandText, counted, number } from "../text.ts";
import { ago, duration, utc } from "../time.ts";

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
    claims: reader.claims(job),
    steps: reader.steps(job),
    edges: reader.edges(job),
    uses: reader.uses(job),
    residue: reader.residue(job),
    losses: reader.losses(job),
    processes: reader.processes(job).length,
    event_counts: reader.eventCounts(job),
    findings: reader
      .findings({ job: job.id })
      .map(({ id, finding, count, last_us, place, action }) => {
        const { file = null, line = null } = place ?? {};
        return { ...finding, file, line, action, id, count, last_us };
      }),
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
  const facts = factsOf(job, reader, context.now());
  const width = Math.max(leastWidth, ...facts.map(([title]) => title.length));
  for (const [title, text] of facts) {
    yield `  ${paint("dim", title.padEnd(width))}  ${printable(text)}`;
  }
  for (const finding of found) yield* ["", ...findingLines(finding, out)];
  yield* trailLines(job, reader, out);
  const steps = stepRows(job, reader, context.now());
  if (steps.length > 0) yield* ["", ...tableLines(stepColumns, steps, out)];
  yield "";
  yield* tableLines(countColumns, countRows(job, reader), out);
  yield "";
  const where = state === undefined ? "" : ` --state ${commandText([state])}`;
  yield paint("dim", `More: jobwarden tree ${job.id}${where}, jobwarden events ${job.id}${where}`);
}

const leastWidth = 8;

function factsOf(job: Job, reader: Reader, now_us: number): (readonly [string, string])[] {
  const processes = reader.processes(job).length;
  const events = reader.eventCounts(job).reduce((sum, { happened }) => sum + happened, 0);
  const saw = `${counted(processes, "process", "processes")}, ${counted(events, "event")}`;
  return [
    ...whoFacts(job, reader),
    ["started", `${utc(job.started_us)} (${ago(job.started_us, now_us)})`],
    ["took", tookText(job, now_us)],
    ["end", stateText(job, reader.steps(job))],
    ["record", recordText(job, reader.losses(job))],
    ["saw", saw],
    ...survivorFacts(job),
    ["traced", `by jobwarden ${job.version} on ${job.host}`],
  ];
}

/** What was run; of a runner's job who it is, as far as is known. */
function whoFacts(job: Job, reader: Reader): (readonly [string, string])[] {
  if (job.kind === "run") return [["command", job.command]];
  const said = new Map<string, string>();
  const others: (readonly [string, string])[] = [];
  for (const { field, value, source } of reader.claims(job)) {
    const believed = said.get(field);
    if (believed === undefined) said.set(field, value);
    else if (believed !== value) others.push(["differs", `${field} is ${value} by ${source}`]);
  }
  const of = (field: string, title: string): (readonly [string, string])[] => {
    const value = said.get(field);
    return value === undefined ? [] : [[title, value]];
  };
  return [
    ...of("repository", "repository"),
    ...of("workflow", "workflow"),
    ...of("display_name", "job"),
    ...of("run_id", "run"),
    ...of("head_sha", "commit"),
    ...of("event", "event"),
    ...of("actor", "actor"),
    ...of("runner_name", "runner"),
    ...others,
  ];
}

const stepColumns = [
  { title: "STEP", align: "right" },
  { title: "PHASE" },
  { title: "NAME" },
  { title: "USES" },
  { title: "LINE" },
  { title: "TOOK", align: "right" },
] as const;

const stepRows = (job: Job, reader: Reader, now_us: number) =>
  reader
    .steps(job)
    .map((step) => [
      step.position === null
        ? ""
        : [step.position, ...(step.nested ?? [])].map((at) => at + 1).join("."),
      step.phase.replaceAll("_", " "),
      step.name,
      step.uses ?? "",
      step.line === null ? "" : `${step.file ?? ""}:${step.line}`,
      duration(Math.max(0, (step.ended_us ?? now_us) - step.started_us)),
    ]);

/** What it left, what it asked others to do, and what it shares with other jobs. */
function* trailLines(job: Job, reader: Reader, out: Terminal): Generator<string> {
  const left = reader.residue(job).map(({ kind, what }) => [kind.replaceAll("_", " "), what]);
  yield* someLines(["LEFT", "WHAT"], left, out);
  const asked = reader.edges(job).map(({ kind, target, how }) => [kind, target, how]);
  yield* someLines(["ASKED", "WHAT", "FOLLOWED"], asked, out);
  const used = reader.uses(job).map(({ other_job, job: user, how, path }) => {
    return [how, path, user === job.id ? `of job ${other_job}` : `by job ${user}`];
  });
  yield* someLines(["SHARED", "FILE", "WITH"], used, out);
}

/** A table of the first rows, when there are any, and how many there are beside them. */
function* someLines(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  out: Terminal,
): Generator<string> {
  if (rows.length === 0) return;
  const columns = titles.map((title) => ({ title }));
  yield* ["", ...tableLines(columns, rows.slice(0, mostShown), out)];
  const more = rows.length - mostShown;
  if (more > 0) yield `… and ${number(more)} more, which --json shows`;
}
const mostShown = 8;

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
