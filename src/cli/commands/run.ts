import { basename } from "node:path";
import type { Finding } from "../../engine/finding.ts";
import { isAtLeast, type Severity, severities } from "../../engine/severity.ts";
import { defineCommand, rulesOption, stateOption } from "../command.ts";
import { runOutput } from "../run_output.ts";
import { wrongUsage } from "../usage.ts";

/** Exit code of a command that itself succeeded in a job with findings that count. */
const foundExit = 3;
/** As in `env` and `timeout`: not the traced command failed, but what starts it. */
const ownFailureExit = 125;

export const run = defineCommand({
  name: "run",
  summary: "Trace a command and all its descendants as one job; needs root.",
  notes: [
    "The command keeps its standard input, output and error, its signals and its exit code. " +
      "Findings are printed on standard error as they happen, and a summary at the end.",
    "With --json=PATH there is one JSON object on each line: one for each finding, and a last one " +
      "for the job. PATH may be fd:N, a descriptor that the caller has opened. Plain --json prints " +
      "these lines on standard error instead of text.",
  ],
  positionals: [
    { name: "CMD ARGS…", help: "the command; all that follows -- is its own", rest: true },
  ],
  options: {
    name: {
      type: "string",
      value: "NAME",
      help: "Name of the job; default: the program's file name",
    },
    state: stateOption,
    "fail-on": {
      type: "string",
      value: "SEVERITY",
      choices: [...severities, "never"],
      help: `Least severity that turns exit code 0 into ${foundExit}: ${severities.join(", ")}, or never; default high`,
    },
    json: { type: "optional", value: "PATH", help: "Write findings and the result as JSON" },
    rules: rulesOption,
    quiet: { type: "boolean", help: "Print findings and losses only, no summary" },
  },
  examples: [
    { line: "sudo jobwarden run -- npm test", does: "Trace the tests." },
    {
      line: "sudo jobwarden run --fail-on never --json=findings.jsonl -- make -j4",
      does: "Keep the build's exit code and write what was found to a file.",
    },
    {
      line: "sudo jobwarden run --json=fd:3 -- ./build.sh 3>findings.jsonl",
      does: "The same through a descriptor.",
    },
  ],
  exits: {
    0: "The command exited with 0, and nothing was found at or above --fail-on.",
    1: "The command's own, as all others that are not named here; 128 + n: signal n ended it.",
    2: "The command line was not understood, or the command's own.",
    [foundExit]: "The command exited with 0, but there is a finding at or above --fail-on.",
    [ownFailureExit]: "jobwarden itself failed; the message says why and what to do.",
    126: "The command cannot be executed.",
    127: "The command does not exist.",
  },
  failure_exit: ownFailureExit,

  async run(values, command, context) {
    const { json, quiet = false, rules, state } = values;
    const [program = "", ...args] = command; // main has checked that there is one
    const name = nameOf(values.name, program);
    const output = runOutput(json, quiet, context);
    const findings: Finding[] = [];
    const request = {
      command: [program, ...args] as const,
      name,
      state_directory: state ?? context.state_directory,
      ...(rules !== undefined && { rules_directory: rules }),
    };
    try {
      const result = await context.tracing.run(request, (finding) => {
        findings.push(finding);
        output.finding(finding);
      });
      const exit = exitOf(result.exit_code, findings, values["fail-on"]);
      output.end({ name, result, findings, state }, exit);
      return output.close() ? exit : exit || ownFailureExit;
    } catch (error) {
      output.failed(error);
      throw error;
    }
  },
});

/** @throws JobwardenError USAGE for a name by which the job could not be found again */
function nameOf(given: string | undefined, program: string): string {
  if (given === undefined) return basename(program);
  if (!/^(\d+|last)$/.test(given)) return given;
  throw wrongUsage(`--name ${given} would be taken for a job's number, or for the last job`, "run");
}

function exitOf(own: number, findings: readonly Finding[], failOn = "high"): number {
  if (own !== 0 || failOn === "never") return own;
  const least = failOn as Severity; // one of its choices, which main has checked
  return findings.some(({ severity }) => isAtLeast(severity, least)) ? foundExit : 0;
}
