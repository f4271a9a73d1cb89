import { printable } from "../../base/escape_terminal.ts";
import type { StoredAgent } from "../../store/agents.ts";
import type { Job } from "../../store/jobs.ts";
import type { Reader } from "../../store/reader.ts";
import type { StoredRunner } from "../../store/runners.ts";
import { defineCommand, jsonOption, stateOption } from "../command.ts";
import type { Context } from "../context.ts";
import { withDatabase } from "../database.ts";
import { stateText, tookText } from "../job_text.ts";
import { printJson, printLines } from "../print.ts";
import { painter } from "../style.ts";
import { tableLines } from "../table.ts";
import { ago } from "../time.ts";

/** It says every 5 seconds that it lives. */
const silentAfter_us = 20e6;

export const status = defineCommand({
  name: "status",
  summary: "Say whether this host's runners are traced, and what they do now.",
  notes: [
    "protected: an agent runs and sees everything that it knows of. degraded: it runs, and the " +
      "reasons say what it does not see. blind: no agent runs, or it does not answer; what jobs do " +
      "meanwhile waits in the kernel until its rings are full.",
  ],
  positionals: [],
  options: { state: stateOption, json: { ...jsonOption, help: "Print one JSON object" } },
  examples: [{ line: "jobwarden status", does: "Runners, their jobs and steps, now." }],
  exits: { 0: "protected.", 1: "degraded or blind." },

  run({ state, json }, _positionals, context) {
    return withDatabase(state, context, (reader) => {
      const agent = agentState(reader.agent(), context);
      const runners = reader.runners().filter(({ state }) => state === "present");
      const running = reader.runningJobs().filter(({ kind }) => kind === "runner");
      if (json) printJson(context.out, [record(agent, runners, running, reader)]);
      else printLines(context.out, lines(agent, runners, running, reader, context));
      return agent.state === "protected" ? 0 : 1;
    });
  },
});

interface Said {
  readonly state: "protected" | "degraded" | "blind";
  /** Sentences without a full stop. */
  readonly reasons: readonly string[];
  readonly agent: StoredAgent | undefined;
}

function agentState(agent: StoredAgent | undefined, { now, isRunning }: Context): Said {
  if (!agent) return { state: "blind", reasons: ["no agent has ever run here"], agent };
  if (!isRunning(agent.pid, agent.boot_id)) {
    const last = `no agent runs; the last one was seen ${ago(agent.seen_us, now())}`;
    return { state: "blind", reasons: [last], agent };
  }
  if (now() - agent.seen_us > silentAfter_us) {
    const silent = `the agent (process ${agent.pid}) has said nothing since ${ago(agent.seen_us, now())}`;
    return { state: "blind", reasons: [silent], agent };
  }
  const state = agent.state === "protected" ? "protected" : "degraded";
  return { state, reasons: agent.reasons, agent };
}

const record = (
  { state, reasons, agent }: Said,
  runners: readonly StoredRunner[],
  running: readonly Job[],
  reader: Reader,
) => ({
  state,
  reasons,
  agent: agent ?? null,
  runners,
  jobs: running.map((job) => ({
    ...job,
    steps: reader.steps(job).filter(({ ended_us }) => ended_us === null),
  })),
});

const styles = { protected: "green", degraded: "yellow", blind: "red" } as const;

function* lines(
  { state, reasons, agent }: Said,
  runners: readonly StoredRunner[],
  running: readonly Job[],
  reader: Reader,
  { out, now }: Context,
): Generator<string> {
  const paint = painter(out.colour);
  const since = agent && state !== "blind" ? `, since ${ago(agent.started_us, now())}` : "";
  yield `${paint(styles[state], state)}${since}`;
  for (const reason of reasons) yield `  ${printable(reason)}`;
  yield "";
  if (runners.length === 0) {
    yield "No runner was found on this host.";
    return;
  }
  const rows = runners.map((runner) => {
    const job = running.find((one) => one.runner === runner.id);
    return [
      runner.name ?? runner.root,
      runner.user ?? "",
      runner.version ?? "",
      job ? `${job.id} ${job.name}` : "",
      job ? stateText(job, reader.steps(job)) : "idle",
      job ? tookText(job, now()) : "",
    ];
  });
  yield* tableLines(columns, rows, out);
}

const columns = [
  { title: "RUNNER" },
  { title: "USER" },
  { title: "VERSION" },
  { title: "JOB" },
  { title: "NOW" },
  { title: "FOR", align: "right" },
] as const;
