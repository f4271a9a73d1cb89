import { countSeverities, countsText, type SeverityCounts } from "../../report/severity_text.ts";
import type { Job } from "../../store/jobs.ts";
import type { Reader } from "../../store/reader.ts";
import { defineCommand, jsonOption, stateOption } from "../command.ts";
import { withDatabase } from "../database.ts";
import { mapped } from "../iterables.ts";
import { recordText, stateText, tookText } from "../job_text.ts";
import { printJson, printLines } from "../print.ts";
import { type Row, tableLines } from "../table.ts";
import { ago } from "../time.ts";
import { wholeNumber } from "../usage.ts";

export const jobs = defineCommand({
  name: "jobs",
  summary: "List the traced jobs, the newest first.",
  positionals: [],
  options: {
    limit: { type: "string", value: "N", help: "Show at most N jobs; default: all" },
    state: stateOption,
    json: jsonOption,
  },
  examples: [
    { line: "jobwarden jobs --limit 10", does: "The ten newest." },
    { line: "jobwarden jobs --state ./copied", does: "Those of a database copied from elsewhere." },
  ],

  run({ limit, state, json }, _positionals, context) {
    const most = limit === undefined ? -1 : wholeNumber(limit, 1, "--limit", "jobs");
    const { out } = context;
    withDatabase(state, context, (reader) => {
      const listed = mapped(reader.jobs(most), (job) => withFindings(job, reader));
      if (json) return printJson(out, mapped(listed, jobRecord));
      const now_us = context.now();
      const rows = mapped(listed, (entry) => rowOf(entry, reader, now_us));
      printLines(out, tableLines(columns, rows, out));
    });
    return 0;
  },
});

const columns = [
  { title: "JOB", align: "right" },
  { title: "NAME" },
  { title: "STARTED" },
  { title: "TOOK", align: "right" },
  { title: "END" },
  { title: "RECORD" },
  { title: "VERDICT" },
] as const;

interface Listed {
  readonly job: Job;
  readonly counts: SeverityCounts;
}

const withFindings = (job: Job, reader: Reader): Listed => ({
  job,
  counts: countSeverities(reader.findings({ job: job.id }).map(({ finding }) => finding)),
});

const jobRecord = ({ job, counts }: Listed) => ({ ...job, findings_by_severity: counts });

function rowOf({ job, counts }: Listed, reader: Reader, now_us: number): Row {
  const text = countsText(counts);
  const record = recordText(job, reader.losses(job));
  return [
    String(job.id),
    job.name,
    ago(job.started_us, now_us),
    tookText(job, now_us),
    stateText(job, job.state === "running" ? reader.steps(job) : []),
    record === "complete" ? record : { text: record, style: "yellow" },
    { text, style: text === "nothing detected" ? "green" : "red" },
  ];
}
