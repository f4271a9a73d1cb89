import { printable } from "../../base/escape_terminal.ts";
import type { Finding } from "../../engine/finding.ts";
import { replay as judgeAgain, keyOf, type Replayed } from "../../engine/replay.ts";
import type { Signature } from "../../engine/signature.ts";
import { signatures as ours } from "../../signatures/index.ts";
import type { Job } from "../../store/jobs.ts";
import type { Reader } from "../../store/reader.ts";
import { defineCommand, jobArgument, jsonOption, rulesOption, stateOption } from "../command.ts";
import type { Context, Terminal } from "../context.ts";
import { withDatabase } from "../database.ts";
import { findingLines } from "../finding_text.ts";
import { printJson, printLines } from "../print.ts";
import { type Paint, painter } from "../style.ts";
import { counted, quoted } from "../text.ts";
import { nearest, wrongUsage } from "../usage.ts";

export const replay = defineCommand({
  name: "replay",
  summary: "Judge stored jobs again, by the signatures of this version.",
  notes: [
    "Nothing is stored. Each finding is marked: same, when the job's findings have it; new, when " +
      "they do not; gone, when they have it and it was not made again.",
    "The events that the job stored are what is judged: those that were lost, or whose kind an " +
      "earlier version did not record, cannot be.",
  ],
  positionals: [{ ...jobArgument, many: true, help: `${jobArgument.help}; default: all jobs` }],
  options: {
    signature: {
      type: "string",
      value: "SIGNATURE",
      help: "Only by this one: its id or its name",
    },
    rules: rulesOption,
    state: stateOption,
    json: jsonOption,
  },
  examples: [
    { line: "jobwarden replay last", does: "What this version finds in the newest job." },
    {
      line: "jobwarden replay --signature TRC-101",
      does: "Asks one signature about every stored job.",
    },
  ],
  exits: { 3: "A job's findings are others than those that it has." },

  run({ signature, rules, state, json }, names, context) {
    const all = [...ours, ...context.loadRules(rules).signatures];
    const chosen = signature === undefined ? all : [signatureOf(signature, all)];
    let differs = false;
    withDatabase(state, context, (reader) => {
      const jobs = names.length === 0 ? reader.jobs().reverse() : names.map((n) => reader.job(n));
      for (const job of jobs) {
        const verdict = judged(reader, job, chosen);
        differs ||= verdict.marked.some(({ mark }) => mark !== "same");
        if (json) printJson(context.out, records(job, verdict));
        else printLines(context.out, lines(job, verdict, context));
      }
    });
    return differs ? 3 : 0;
  },
});

function signatureOf(wanted: string, all: readonly Signature[]): Signature {
  const found = all.find(({ id, name }) => id === wanted || name === wanted);
  if (found) return found;
  const near = nearest(
    wanted,
    all.flatMap(({ id, name }) => [id, name]),
  );
  throw wrongUsage(`there is no signature ${quoted(wanted)}${near}`, "replay");
}

type Mark = "same" | "new" | "gone";
interface Marked {
  readonly mark: Mark;
  readonly finding: Finding;
}
interface Verdict extends Replayed {
  readonly marked: readonly Marked[];
}

function judged(reader: Reader, job: Job, signatures: readonly Signature[]): Verdict {
  const replayed = judgeAgain(reader.events(job), signatures, job.id);
  const ids = new Set<string>(signatures.map(({ id }) => id));
  // What the agent itself found, such as a forged call of a hook, follows from no event.
  const stored = reader
    .findings({ job: job.id })
    .map(({ finding }) => finding)
    .filter((finding) => ids.has(finding.signature));
  const before = new Map(stored.map((finding) => [keyOf(finding), finding]));
  const now = new Set(replayed.findings.map(keyOf));
  const marked = replayed.findings.map((finding): Marked => {
    const known = before.get(keyOf(finding));
    const isSame = known?.severity === finding.severity && known.message === finding.message;
    return { mark: isSame ? "same" : "new", finding };
  });
  const gone = stored.filter((finding) => !now.has(keyOf(finding)));
  return {
    ...replayed,
    marked: [...marked, ...gone.map((finding) => ({ mark: "gone", finding }) as const)],
  };
}

function records(job: Job, { marked, events, problems }: Verdict) {
  return [
    ...marked.map(({ mark, finding }) => ({ type: "finding", mark, ...finding })),
    { type: "job", job: job.id, events, findings: marked.length, problems },
  ];
}

function lines(job: Job, { marked, events, problems }: Verdict, { out }: Context): string[] {
  const paint = painter(out.colour);
  const others = marked.filter(({ mark }) => mark !== "same").length;
  const what = others === 0 ? "as stored" : `${others} not as stored`;
  return [
    `${paint("bold", `job ${job.id}`)}  ${printable(job.name)}  ${counted(events, "event")}, ${counted(marked.length, "finding")}, ${what}`,
    ...marked.flatMap((one) => block(one, out, paint)),
    ...problems.map(({ message }) => paint("red", printable(message))),
  ];
}

function block({ mark, finding }: Marked, out: Terminal, paint: Paint): string[] {
  const [title = "", ...rest] = findingLines(finding, out);
  return [
    `${paint(mark === "same" ? "dim" : "bold", mark.padEnd(4))}  ${title}`,
    ...rest.map((line) => `      ${line}`),
    "",
  ];
}
