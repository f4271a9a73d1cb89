import { printable } from "../../base/escape_terminal.ts";
import { defineCommand, jsonOption } from "../command.ts";
import type { Check, Diagnosis, HookCoverage, Terminal } from "../context.ts";
import { printJson, printLines } from "../print.ts";
import { type Paint, painter } from "../style.ts";
import { counted } from "../text.ts";

export const doctor = defineCommand({
  name: "doctor",
  summary: "Say whether this machine can be traced, and what to do if not.",
  notes: [
    "It tries each hook on the kernel that runs, so it needs root. For each event it shows the hooks " +
      "in use, what these lose, and which better ones the kernel refused.",
  ],
  positionals: [],
  options: { json: { ...jsonOption, help: "Print JSON, one check or event on each line" } },
  examples: [{ line: "sudo jobwarden doctor", does: "Look at this machine." }],
  exits: { 1: "Something is missing, or the machine could not be looked at." },

  async run({ json }, _positionals, { tracing, out }) {
    const diagnosis = await tracing.diagnose();
    if (json) printJson(out, records(diagnosis));
    else printLines(out, diagnosisLines(diagnosis, out));
    return missingIn(diagnosis) === 0 ? 0 : 1;
  },
});

const missingIn = ({ checks, coverage }: Diagnosis): number =>
  checks.filter(({ state }) => state === "missing").length +
  coverage.filter(({ hooks }) => hooks.length === 0).length;

function* records({ checks, coverage }: Diagnosis): Generator<unknown> {
  for (const check of checks) yield { type: "check", ...check };
  for (const event of coverage) yield { type: "event", ...event };
}

function* diagnosisLines(diagnosis: Diagnosis, { colour }: Terminal): Generator<string> {
  const paint = painter(colour);
  yield* diagnosis.checks.flatMap((check) => checkLines(check, widest(diagnosis), paint));
  yield "";
  yield* diagnosis.coverage.flatMap((event) => coverageLines(event, widest(diagnosis), paint));
  yield "";
  const missing = missingIn(diagnosis);
  yield missing === 0
    ? paint("green", "Ready to trace.")
    : paint("red", `${counted(missing, "thing")} missing; see above.`);
}

const widest = ({ checks, coverage }: Diagnosis): number =>
  [...checks.map(({ name }) => name), ...coverage.map(({ event }) => event)].reduce(
    (most, name) => Math.max(most, name.length),
    0,
  );

const stateStyle = { ok: "green", degraded: "yellow", missing: "red" } as const;

function checkLines({ name, state, found, remedy }: Check, width: number, paint: Paint): string[] {
  const first = line(state, name, printable(found), width, paint);
  return remedy ? [first, under(`do: ${remedy}`, width)] : [first];
}

function coverageLines(
  { event, hooks, loses, refused }: HookCoverage,
  width: number,
  paint: Paint,
): string[] {
  const state = hooks.length === 0 ? "missing" : loses.length > 0 ? "degraded" : "ok";
  const used = hooks.length === 0 ? "not seen on this kernel" : hooks.join(", ");
  return [
    line(state, event, printable(used), width, paint),
    ...loses.map((what) => under(`loses: ${what}`, width)),
    ...refused.map((what) => under(`refused: ${what}`, width)),
  ];
}

const stateWidth = "degraded".length;

function line(
  state: keyof typeof stateStyle,
  name: string,
  text: string,
  width: number,
  paint: Paint,
) {
  const what = printable(name).padEnd(width);
  return `${paint(stateStyle[state], state.padEnd(stateWidth))}  ${what}  ${text}`;
}

const under = (text: string, width: number): string =>
  `${" ".repeat(stateWidth + width + 4)}${printable(text)}`;
