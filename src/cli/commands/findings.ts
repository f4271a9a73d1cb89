import { type Severity, severities } from "../../engine/severity.ts";
import type { StoredFinding } from "../../store/findings.ts";
import { defineCommand, jsonOption, stateOption } from "../command.ts";
import type { Terminal } from "../context.ts";
import { withDatabase } from "../database.ts";
import { findingLines } from "../finding_text.ts";
import { mapped } from "../iterables.ts";
import { printJson, printLines } from "../print.ts";
import { painter } from "../style.ts";
import { ago } from "../time.ts";

export const findings = defineCommand({
  name: "findings",
  summary: "List what was detected, of all jobs or of one.",
  positionals: [],
  options: {
    job: { type: "string", value: "JOB", help: "Only of this job: its number, its name, or last" },
    severity: {
      type: "string",
      value: "SEVERITY",
      choices: severities,
      help: `Only of this severity or above: ${severities.join(", ")}`,
    },
    state: stateOption,
    json: jsonOption,
  },
  examples: [
    { line: "jobwarden findings --severity high", does: "What is high or critical, of all jobs." },
    {
      line: "jobwarden findings --job last --json",
      does: "Those of the newest job, for a program.",
    },
  ],

  run({ job, severity, state, json }, _positionals, context) {
    const { out } = context;
    const now_us = context.now();
    withDatabase(state, context, (reader) => {
      const found = reader.findings({
        ...(job !== undefined && { job: reader.job(job).id }),
        ...(severity !== undefined && { severity: severity as Severity }), // one of its choices
      });
      if (json) return printJson(out, found.map(record));
      const blocks = mapped(found, (one) => blockOf(one, now_us, out));
      printLines(out, found.length === 0 ? ["nothing detected"] : blocks);
    });
    return 0;
  },
});

const record = ({ finding, place, ...stored }: StoredFinding) => ({
  ...{ type: "finding", ...finding },
  ...{ file: place?.file ?? null, line: place?.line ?? null },
  ...stored,
});

function blockOf({ finding, count, last_us }: StoredFinding, now_us: number, out: Terminal) {
  const times = count === 1 ? "" : `, ${count} times`;
  const where = `  job ${finding.job}, ${ago(last_us, now_us)}${times}`;
  const lines = [...findingLines(finding, out), painter(out.colour)("dim", where), ""];
  return lines.join("\n");
}
